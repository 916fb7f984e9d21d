//! A headless Chromium, driven over its DevTools protocol: real keys, real layout, a real policy.

use std::fmt::Write as _;
use std::io::Write;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How long the browser may take for one answer.
const GEDULD: Duration = Duration::from_secs(60);

/// Names under which the browser is installed.
const NAMEN: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// One page in a browser of its own, which ends with it.
pub struct Chromium {
    proces: Child,
    lijn: WebSocket<TcpStream>,
    sessie: String,
    laatste: u64,
    /// What the page told since it was opened, in order.
    gebeurtenissen: Vec<Value>,
    _map: tempfile::TempDir,
}

fn programma() -> Option<PathBuf> {
    let paden = std::env::var_os("PATH")?;
    std::env::split_paths(&paden)
        .flat_map(|map| NAMEN.map(|naam| map.join(naam)))
        .find(|pad| pad.is_file())
}

impl Chromium {
    /// Starts it; `None`, and a line that says so, where there is no Chromium.
    pub fn start(toets: &str) -> Option<Chromium> {
        let Some(programma) = programma() else {
            // Past the capture of the test harness: a skipped test must be seen.
            let _ = writeln!(std::io::stderr(), "skipped {toets}: no Chromium on the PATH");
            return None;
        };
        let map = tempfile::tempdir().expect("a temporary folder can be made");
        let proces = Command::new(programma)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--remote-debugging-port=0",
            ])
            .arg(format!("--user-data-dir={}", map.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Chromium starts");
        let (poort, pad) = adres(&map.path().join("DevToolsActivePort"));
        let stroom = TcpStream::connect(("127.0.0.1", poort)).expect("Chromium listens");
        stroom.set_read_timeout(Some(GEDULD)).expect("a socket has a timeout");
        let (lijn, _) = tungstenite::client(format!("ws://127.0.0.1:{poort}{pad}"), stroom)
            .expect("Chromium answers");
        let mut zelf = Chromium {
            proces,
            lijn,
            sessie: String::new(),
            laatste: 0,
            gebeurtenissen: Vec::new(),
            _map: map,
        };
        let doel = zelf.vraag("Target.createTarget", json!({ "url": "about:blank" }));
        let sessie = zelf.vraag(
            "Target.attachToTarget",
            json!({ "targetId": doel["targetId"], "flatten": true }),
        );
        zelf.sessie = sessie["sessionId"].as_str().expect("a session has an id").to_owned();
        for domein in ["Page", "Runtime", "Log", "Network"] {
            zelf.vraag(&format!("{domein}.enable"), json!({}));
        }
        zelf.scherm(1300, 1000);
        zelf.media(&[("prefers-reduced-motion", "reduce")]);
        Some(zelf)
    }

    /// Opens a file and waits until all of it has loaded.
    pub fn open(&mut self, pad: &Path) {
        self.gebeurtenissen.clear();
        let pad = pad.canonicalize().expect("the page exists");
        self.vraag("Page.navigate", json!({ "url": format!("file://{}", pad.display()) }));
        let begin = Instant::now();
        while !self.gebeurtenissen.iter().any(|g| g["method"] == "Page.loadEventFired") {
            assert!(begin.elapsed() < GEDULD, "the page doesn't load");
            self.lees();
        }
    }

    pub fn scherm(&mut self, breed: u32, hoog: u32) {
        let maten =
            json!({ "width": breed, "height": hoog, "deviceScaleFactor": 1, "mobile": false });
        self.vraag("Emulation.setDeviceMetricsOverride", maten);
    }

    /// What the person's system asks for, as media features.
    pub fn media(&mut self, wensen: &[(&str, &str)]) {
        let wensen: Vec<Value> =
            wensen.iter().map(|(naam, waarde)| json!({ "name": naam, "value": waarde })).collect();
        self.vraag("Emulation.setEmulatedMedia", json!({ "features": wensen }));
    }

    /// The value of an expression in the page.
    #[track_caller]
    pub fn waarde(&mut self, uitdrukking: &str) -> Value {
        let vraag = json!({
            "expression": uitdrukking, "returnByValue": true, "awaitPromise": true,
        });
        let antwoord = self.vraag("Runtime.evaluate", vraag);
        assert!(antwoord["exceptionDetails"].is_null(), "{uitdrukking}: {antwoord}");
        antwoord["result"]["value"].clone()
    }

    #[track_caller]
    pub fn tekst(&mut self, uitdrukking: &str) -> String {
        match self.waarde(uitdrukking) {
            Value::String(tekst) => tekst,
            ander => panic!("{uitdrukking} is no text but {ander}"),
        }
    }

    #[track_caller]
    pub fn getal(&mut self, uitdrukking: &str) -> f64 {
        let waarde = self.waarde(uitdrukking);
        waarde.as_f64().unwrap_or_else(|| panic!("{uitdrukking} is no number but {waarde}"))
    }

    /// Presses and lets go of a key, as a person does.
    pub fn toets(&mut self, toets: &str) {
        let (code, tekst) = match toets {
            "Enter" => (13, Some("\r")),
            "Tab" => (9, None),
            "Escape" => (27, None),
            "ArrowDown" => (40, None),
            ander => panic!("{ander} isn't a key that tests press"),
        };
        let mut slag = json!({
            "type": "keyDown", "key": toets, "code": toets, "windowsVirtualKeyCode": code,
        });
        if let Some(tekst) = tekst {
            slag["text"] = json!(tekst);
        }
        self.vraag("Input.dispatchKeyEvent", slag.clone());
        slag["type"] = json!("keyUp");
        self.vraag("Input.dispatchKeyEvent", slag);
    }

    /// Types a text where the focus is.
    pub fn typ(&mut self, tekst: &str) {
        self.vraag("Input.insertText", json!({ "text": tekst }));
    }

    /// The page on paper.
    pub fn pdf(&mut self) -> Vec<u8> {
        use base64::Engine;
        let vraag = json!({ "preferCSSPageSize": true, "printBackground": true });
        let antwoord = self.vraag("Page.printToPDF", vraag);
        let tekst = antwoord["data"].as_str().expect("a PDF is text in base64");
        base64::engine::general_purpose::STANDARD.decode(tekst).expect("it is base64")
    }

    /// The page asked for nothing but itself, and said nothing on the console.
    #[track_caller]
    pub fn bleef_stil(&mut self) {
        // What is still under way comes before the answer to a question.
        self.waarde("new Promise(klaar => setTimeout(klaar, 50))");
        let mut klachten = String::new();
        let mut zelf = 0;
        for g in &self.gebeurtenissen {
            let wat = &g["params"];
            match g["method"].as_str().unwrap_or_default() {
                "Network.requestWillBeSent" if wat["type"] == "Document" => zelf += 1,
                "Network.requestWillBeSent"
                | "Runtime.consoleAPICalled"
                | "Runtime.exceptionThrown"
                | "Log.entryAdded"
                | "Page.javascriptDialogOpening" => {
                    let _ = writeln!(klachten, "{g}");
                }
                _ => {}
            }
        }
        assert!(klachten.is_empty() && zelf == 1, "the page isn't silent ({zelf}):\n{klachten}");
    }

    fn vraag(&mut self, methode: &str, parameters: Value) -> Value {
        self.laatste += 1;
        let nummer = self.laatste;
        let mut bericht = json!({ "id": nummer, "method": methode, "params": parameters });
        if !self.sessie.is_empty() {
            bericht["sessionId"] = json!(self.sessie);
        }
        self.lijn.send(Message::text(bericht.to_string())).expect("Chromium listens");
        loop {
            if let Some(antwoord) = self.lees().filter(|a| a["id"] == nummer) {
                assert!(antwoord["error"].is_null(), "{methode}: {antwoord}");
                return antwoord["result"].clone();
            }
        }
    }

    /// Reads one message: an answer is given back, an event is kept.
    fn lees(&mut self) -> Option<Value> {
        let bericht = self.lijn.read().expect("Chromium answers in time");
        let waarde: Value = serde_json::from_str(bericht.to_text().ok()?).ok()?;
        if waarde["method"].is_string() {
            self.gebeurtenissen.push(waarde);
            return None;
        }
        Some(waarde)
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Asked to close, it takes its own children along.
        let sluit = json!({ "id": 0, "method": "Browser.close" });
        let _ = self.lijn.send(Message::text(sluit.to_string()));
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(5) {
            if matches!(self.proces.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.proces.kill();
        let _ = self.proces.wait();
    }
}

/// Port and path that the browser writes down when it listens.
fn adres(bestand: &Path) -> (u16, String) {
    let begin = Instant::now();
    loop {
        let tekst = std::fs::read_to_string(bestand).unwrap_or_default();
        if let Some((poort, pad)) = tekst.split_once('\n')
            && let Ok(poort) = poort.parse()
            && pad.len() > 1
        {
            return (poort, pad.trim().to_owned());
        }
        assert!(begin.elapsed() < GEDULD, "Chromium doesn't start");
        std::thread::sleep(Duration::from_millis(20));
    }
}

//! A headless Chromium, driven over its DevTools protocol: real keys, real layout, a real policy.

use std::fmt::Write as _;
use std::io::Write;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use base64::Engine;
use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How long the browser may take for one answer.
const GEDULD: Duration = Duration::from_secs(60);

/// Names under which the browser is installed.
const NAMES: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// One page in a browser of its own, which ends with it.
pub struct Chromium {
    process: Child,
    line: WebSocket<TcpStream>,
    sessie: String,
    last: u64,
    /// What the page told since it was opened, in order.
    events: Vec<Value>,
    _dir: tempfile::TempDir,
}

fn program() -> Option<PathBuf> {
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths)
        .flat_map(|dir| NAMES.map(|name| dir.join(name)))
        .find(|path| path.is_file())
}

impl Chromium {
    /// Starts it; `None`, and a line that says so, where there is no Chromium.
    pub fn start(check: &str) -> Option<Chromium> {
        let Some(programma) = program() else {
            // Past the capture of the test harness: a skipped test must be seen.
            let _ = writeln!(std::io::stderr(), "skipped {check}: no Chromium on the PATH");
            return None;
        };
        let dir = tempfile::tempdir().expect("a temporary folder can be made");
        let process = Command::new(programma)
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
            .arg(format!("--user-data-dir={}", dir.path().display()))
            .arg("about:blank")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("Chromium starts");
        let (poort, path) = adres(&dir.path().join("DevToolsActivePort"));
        let stream = TcpStream::connect(("127.0.0.1", poort)).expect("Chromium listens");
        stream.set_read_timeout(Some(GEDULD)).expect("a socket has a timeout");
        let (line, _) = tungstenite::client(format!("ws://127.0.0.1:{poort}{path}"), stream)
            .expect("Chromium answers");
        let mut self_ = Chromium {
            process,
            line,
            sessie: String::new(),
            last: 0,
            events: Vec::new(),
            _dir: dir,
        };
        let target = self_.question("Target.createTarget", json!({ "url": "about:blank" }));
        let sessie = self_.question(
            "Target.attachToTarget",
            json!({ "targetId": target["targetId"], "flatten": true }),
        );
        self_.sessie = sessie["sessionId"].as_str().expect("a session has an id").to_owned();
        for domein in ["Page", "Runtime", "Log", "Network"] {
            self_.question(&format!("{domein}.enable"), json!({}));
        }
        self_.screen(1300, 1000);
        self_.media(&[("prefers-reduced-motion", "reduce")]);
        Some(self_)
    }

    /// Opens a file and waits until all of it has loaded.
    pub fn open(&mut self, path: &Path) {
        self.events.clear();
        let path = path.canonicalize().expect("the page exists");
        self.question("Page.navigate", json!({ "url": format!("file://{}", path.display()) }));
        let begin = Instant::now();
        while !self.events.iter().any(|g| g["method"] == "Page.loadEventFired") {
            assert!(begin.elapsed() < GEDULD, "the page doesn't load");
            self.read();
        }
    }

    pub fn screen(&mut self, wide: u32, high: u32) {
        let measures =
            json!({ "width": wide, "height": high, "deviceScaleFactor": 1, "mobile": false });
        self.question("Emulation.setDeviceMetricsOverride", measures);
    }

    /// What the person's system asks for, as media features.
    pub fn media(&mut self, specs: &[(&str, &str)]) {
        let specs: Vec<Value> =
            specs.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.question("Emulation.setEmulatedMedia", json!({ "features": specs }));
    }

    /// The value of an expression in the page.
    #[track_caller]
    pub fn value(&mut self, uitdrukking: &str) -> Value {
        let spec = json!({
            "expression": uitdrukking, "returnByValue": true, "awaitPromise": true,
        });
        let answer = self.question("Runtime.evaluate", spec);
        assert!(answer["exceptionDetails"].is_null(), "{uitdrukking}: {answer}");
        answer["result"]["value"].clone()
    }

    #[track_caller]
    pub fn text(&mut self, uitdrukking: &str) -> String {
        match self.value(uitdrukking) {
            Value::String(s) => s,
            other => panic!("{uitdrukking} is no text but {other}"),
        }
    }

    #[track_caller]
    pub fn number(&mut self, uitdrukking: &str) -> f64 {
        let value = self.value(uitdrukking);
        value.as_f64().unwrap_or_else(|| panic!("{uitdrukking} is no number but {value}"))
    }

    /// Presses and lets go of a key, as a person does.
    pub fn check(&mut self, toets: &str) {
        let (code, text) = match toets {
            "Enter" => (13, Some("\r")),
            "Tab" => (9, None),
            "Escape" => (27, None),
            "ArrowDown" => (40, None),
            other => panic!("{other} isn't a key that tests press"),
        };
        let mut turn = json!({
            "type": "keyDown", "key": toets, "code": toets, "windowsVirtualKeyCode": code,
        });
        if let Some(text) = text {
            turn["text"] = json!(text);
        }
        self.question("Input.dispatchKeyEvent", turn.clone());
        turn["type"] = json!("keyUp");
        self.question("Input.dispatchKeyEvent", turn);
    }

    /// Types a text where the focus is.
    pub fn typ(&mut self, text: &str) {
        self.question("Input.insertText", json!({ "text": text }));
    }

    /// The page on paper.
    pub fn pdf(&mut self) -> Vec<u8> {
        let spec = json!({ "preferCSSPageSize": true, "printBackground": true });
        let answer = self.question("Page.printToPDF", spec);
        let text = answer["data"].as_str().expect("a PDF is text in base64");
        base64::engine::general_purpose::STANDARD.decode(text).expect("it is base64")
    }

    /// The page asked for nothing but itself, and said nothing on the console.
    #[track_caller]
    pub fn stayed_quiet(&mut self) {
        // What is still under way comes before the answer to a question.
        self.value("new Promise(klaar => setTimeout(klaar, 50))");
        let mut klachten = String::new();
        let mut self_ = 0;
        for g in &self.events {
            let what = &g["params"];
            match g["method"].as_str().unwrap_or_default() {
                "Network.requestWillBeSent" if what["type"] == "Document" => self_ += 1,
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
        assert!(klachten.is_empty() && self_ == 1, "the page isn't silent ({self_}):\n{klachten}");
    }

    /// Writes what the window shows as a PNG.
    pub fn beeld(&mut self, to: &Path) {
        let beeld = self.question("Page.captureScreenshot", json!({ "format": "png" }));
        let png = base64::engine::general_purpose::STANDARD
            .decode(beeld["data"].as_str().expect("a picture is text"))
            .expect("a picture is base64");
        std::fs::write(to, png).expect("a picture can be written");
    }

    fn question(&mut self, methode: &str, parameters: Value) -> Value {
        self.last += 1;
        let nummer = self.last;
        let mut bericht = json!({ "id": nummer, "method": methode, "params": parameters });
        if !self.sessie.is_empty() {
            bericht["sessionId"] = json!(self.sessie);
        }
        self.line.send(Message::text(bericht.to_string())).expect("Chromium listens");
        loop {
            if let Some(answer) = self.read().filter(|a| a["id"] == nummer) {
                assert!(answer["error"].is_null(), "{methode}: {answer}");
                return answer["result"].clone();
            }
        }
    }

    /// Reads one message: an answer is given back, an event is kept.
    fn read(&mut self) -> Option<Value> {
        let bericht = self.line.read().expect("Chromium answers in time");
        let value: Value = serde_json::from_str(bericht.to_text().ok()?).ok()?;
        if value["method"].is_string() {
            self.events.push(value);
            return None;
        }
        Some(value)
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Asked to close, it takes its own children along.
        let close = json!({ "id": 0, "method": "Browser.close" });
        let _ = self.line.send(Message::text(close.to_string()));
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(5) {
            if matches!(self.process.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Port and path that the browser writes down when it listens.
fn adres(file: &Path) -> (u16, String) {
    let begin = Instant::now();
    loop {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        if let Some((poort, path)) = text.split_once('\n')
            && let Ok(poort) = poort.parse()
            && path.len() > 1
        {
            return (poort, path.trim().to_owned());
        }
        assert!(begin.elapsed() < GEDULD, "Chromium doesn't start");
        std::thread::sleep(Duration::from_millis(20));
    }
}

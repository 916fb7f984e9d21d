#!/usr/bin/env python3
"""What the program is made of: a list for programs (CycloneDX) and the licences for people.

Both are read from what cargo knows of the build on this machine: the crates that are compiled into the
program, not those of tests and tools.
"""

import argparse
import hashlib
import json
import pathlib
import re
import subprocess
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout


def host():
    version = subprocess.run(["rustc", "-vV"], check=True, capture_output=True, text=True).stdout
    return re.search(r"^host: (.+)$", version, re.M).group(1)


def shipped(metadata):
    """The packages that are compiled into the program, itself included."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    seen, ahead = set(), [metadata["resolve"]["root"]]
    while ahead:
        package = ahead.pop()
        if package in seen:
            continue
        seen.add(package)
        for dependency in nodes[package]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                ahead.append(dependency["pkg"])
    return sorted((p for p in metadata["packages"] if p["id"] in seen), key=lambda p: (p["name"], p["version"]))


def checksums():
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    blocks = re.findall(r'name = "(.+)"\nversion = "(.+)"\n(?:source = .+\n)?(?:checksum = "(.+)"\n)?', lock)
    return {(name, version): checksum for name, version, checksum in blocks if checksum}


def component(package, hashes, kind="library"):
    purl = f"pkg:cargo/{package['name']}@{package['version']}"
    entry = {"type": kind, "bom-ref": purl, "name": package["name"], "version": package["version"], "purl": purl}
    if package["license"]:
        # Old manifests write a slash for OR.
        entry["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    checksum = hashes.get((package["name"], package["version"]))
    if checksum:
        entry["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return entry


def sbom(packages, root):
    hashes = checksums()
    own = next(p for p in packages if p["id"] == root)
    others = [component(p, hashes) for p in packages if p["id"] != root]
    seed = json.dumps(others, sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}",
        "version": 1,
        "metadata": {"component": component(own, {}, "application")},
        "components": others,
    }


def licences(packages):
    """One text after the other; a text that several crates share stands there once."""
    texts = {}
    for package in packages:
        folder = pathlib.Path(package["manifest_path"]).parent
        names = sorted(p for p in folder.iterdir() if re.match(r"(licen[cs]e|copying|notice|unlicense)", p.name, re.I))
        for path in names:
            if path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace").strip()
                texts.setdefault(hashlib.sha256(text.encode()).hexdigest(), (text, []))[1].append(
                    f"{package['name']} {package['version']}"
                )
    head = ["Onderdelen van rechtmatig, met hun licenties", ""]
    head += [f"{p['name']} {p['version']}: {p['license'] or 'zie de tekst'}" for p in packages]
    rule = "\n" + "-" * 80 + "\n"
    parts = [f"{rule}{', '.join(names)}:\n\n{text}\n" for text, names in texts.values()]
    return "\n".join(head) + "\n" + "".join(parts)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--name", required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    metadata = json.loads(cargo("metadata", "--format-version", "1", "--locked", "--filter-platform", host()))
    packages = shipped(metadata)
    listed = json.dumps(sbom(packages, metadata["resolve"]["root"]), indent=1)
    (given.out / f"rechtmatig-{given.name}.cdx.json").write_text(listed + "\n", encoding="utf-8")
    target = ROOT / "target" / "licenties.txt"
    target.write_text(licences(packages), encoding="utf-8")


if __name__ == "__main__":
    main()

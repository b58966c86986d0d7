#!/usr/bin/env python3
# fmt: off
# ruff: noqa: E401, E501, E701, E702, I001, T201
"""Checks a receipt file, or that one head of the log grew out of another; docs/transparency.md says what is checked.

    verify_receipt.py FILE [KEY]                   KEY: the service's public key in base64; else that in the file
    verify_receipt.py --heads FIRST SECOND PROOF   three JSON files: two heads, and the answer of /log/consistency
Exit codes: 0 holds, 1 doesn't, 2 unreadable, 3 holds as far as can be told without the package `cryptography`."""
import base64, hashlib, hmac, json, pathlib, sys
LINES = {"promise": "log number commitment at by", "log head": "log size root at"}
def signed(kind, said, key):
    """None where signatures can't be checked here."""
    try: from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError: return None
    message = "\n".join([f"yanlu {kind} v1", *(str(said[name]) for name in LINES[kind].split()), ""]).encode()
    try: Ed25519PublicKey.from_public_bytes(base64.b64decode(key)).verify(base64.b64decode(said["signature"], validate=True), message)
    except Exception: return False
    return said["log"] == hashlib.sha256(base64.b64decode(key)).hexdigest()
def sha(*pieces): return hashlib.sha256(b"".join(pieces)).digest()
def canonical(value): return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
def climb(at, size, path, *found):
    """RFC 9162 §2.1: to the head from one hash (inclusion), or to the old and the new head from two (consistency)."""
    last = size - 1
    for step in map(bytes.fromhex, path):
        if last == 0 or len(step) != 32: return None
        if at & 1 or at == last:
            found = [sha(b"\1", step, one) for one in found]
            while not at & 1 and at: at, last = at >> 1, last >> 1
        else: found = [*found[:-1], sha(b"\1", found[-1], step)]
        at, last = at >> 1, last >> 1
    return [one.hex() for one in found] if last == 0 else None
def of_entry(entry, head):
    salt, told, kind, proof = bytes.fromhex(entry["salt"]), entry["digests"], entry["kind"], entry["proof"]
    found = {name: hmac.digest(salt, name.encode() + b"\n" + canonical(value), "sha256").hex() for name, value in entry["fields"].items()}
    yield from (f"altered: {name}" for name in {**told, **found} if told.get(name) != found.get(name))
    if len(salt) != 32 or sha(b"yanlu log entry v1\n", canonical({"at": entry["at"], "fields": told, "kind": kind})).hex() != entry["commitment"]: yield f"altered: the {kind} as a whole"
    if proof is None: return print(f"{kind}: not sealed in the log yet")
    top = 0 <= proof["batch_place"] < proof["batch_size"] and climb(proof["batch_place"], proof["batch_size"], proof["batch_path"], sha(b"\0", bytes.fromhex(entry["commitment"])))
    leaf = top and sha(b"\0", b"yanlu log batch v1\n", proof["batch_size"].to_bytes(8, "big"), bytes.fromhex(top[0]))
    if not (leaf and 0 <= proof["place"] < proof["size"] == head["size"] and climb(proof["place"], proof["size"], proof["path"], leaf) == [head["root"]]): yield f"{kind}: not proved to stand in the log"
def of_file(file, key):
    promise, first = file["promise"], file["entries"][0]
    if (file["format"], file["key"]) != ("yanlu receipt v1", key): yield "another key"
    for entry in file["entries"]: yield from of_entry(entry, file["head"])
    if (first["commitment"], first["fields"]["number"], first["at"], first["kind"]) != (promise["commitment"], promise["number"], promise["at"], "receipt"): yield "the promise is another receipt's"
    for kind, said in (("promise", promise), ("log head", file["head"])):
        if said and not (good := signed(kind, said, key)): yield None if good is None else f"the {kind} isn't signed by this key"
def of_heads(first, second, proof):
    old, new, steps = first["size"], second["size"], proof["path"] if first["size"] & first["size"] - 1 else [first["root"], *proof["path"]]
    at, last = old - 1, new - 1
    while at & 1: at, last = at >> 1, last >> 1
    grew = 0 < old < new and steps and climb(at, last + 1, steps[1:], *[bytes.fromhex(steps[0])] * 2) == [first["root"], second["root"]]
    if not grew and (old, first["root"]) != (new, second["root"]): yield "the second head didn't grow out of the first"
try:
    is_heads = sys.argv[1] == "--heads"
    files = [json.loads(pathlib.Path(path).read_text("utf-8-sig")) for path in (sys.argv[2:5] if is_heads else sys.argv[1:2])]
    faults = list(of_heads(*files)) if is_heads else list(of_file(files[0], [*sys.argv, files[0]["key"]][2]))
except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, OverflowError, RecursionError) as error: print(f"unreadable: {error!r}"); sys.exit(2)
print(*sorted({fault or "signatures were not checked: the package cryptography is missing" for fault in faults}) or ["holds"], sep="\n")
sys.exit(1 if any(faults) else 3 if faults else 0)

"""核对督办案卷：不用督办系统，只要 Python 3.8 以上，不装任何东西，也不连网。

    python3 -I check.py                     核对本文件所在目录（案卷已解开）
    python3 -I check.py 案卷.zip            核对一个案卷包
    python3 -I check.py 案卷.zip --seal 旧封存.seal   另拿存在别处的封存来对，可给几份
    python3 -I check.py 案卷.zip --key 公钥           公钥应与使用说明上印的一致

退出码：0 相符；1 不符，逐条说明；2 用法不对。
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from operator import xor
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    Digest = Callable[[bytes], bytes]
Json = Any

HEADER = (
    "position stream version type schema actor unit role on_behalf_of basis occurred_at recorded_at"
    " command_id correlation_id causation_id"
).split()
SIGNED = "record algorithm size root head day sealed-at key".split()


class Wrong(Exception):
    """案卷里第一处不符，或读不出的地方。"""


# Ed25519 (RFC 8032), verification only: small and slow, which is enough for a few signatures.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
BASE = (4 * pow(5, P - 2, P) % P).to_bytes(32, "little")


def _add(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return ((f - e) * (h - g) % P, (f + e) * (h + g) % P, (h - g) * (h + g) % P, (f - e) * (f + e) % P)


def _times(number: int, point: tuple[int, ...]) -> tuple[int, ...]:
    total: tuple[int, ...] = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _point(data: bytes) -> tuple[int, ...] | None:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if len(data) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def signed_by(public: bytes, data: bytes, signature: bytes) -> bool:
    """签名是不是这把公钥对这些字节作的。"""
    base, key, point = _point(BASE), _point(public), _point(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if base is None or key is None or point is None or len(signature) != 64 or number >= ORDER:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + public + data).digest(), "little") % ORDER
    left, right = _times(number, base), _add(point, _times(digest, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == (left[1] * right[2] - right[1] * left[2]) % P == 0


# SM3 (GB/T 32905), for machines whose OpenSSL has none: slow, which is enough for one package.

START = "7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e"
WORD = 0xFFFFFFFF


def _left(word: int, by: int) -> int:
    by %= 32
    return (word << by | word >> (32 - by)) & WORD


def sm3(data: bytes) -> bytes:
    """SM3 摘要。"""
    whole = data + b"\x80" + bytes(-(len(data) + 9) % 64) + struct.pack(">Q", len(data) * 8)
    state = struct.unpack(">8I", bytes.fromhex(START))
    for at in range(0, len(whole), 64):
        w = list(struct.unpack(">16I", whole[at : at + 64]))
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ _left(w[j - 3], 15)
            w.append(x ^ _left(x, 15) ^ _left(x, 23) ^ _left(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            early = j < 16
            one = _left(_left(a, 12) + e + _left(0x79CC4519 if early else 0x7A879D8A, j) & WORD, 7)
            two = one ^ _left(a, 12)
            first = (a ^ b ^ c if early else a & b | a & c | b & c) + d + two + (w[j] ^ w[j + 4]) & WORD
            second = (e ^ f ^ g if early else e & f | ~e & g) + h + one + w[j] & WORD
            a, b, c, d = first, a, _left(b, 9), c
            e, f, g, h = second ^ _left(second, 9) ^ _left(second, 17), e, _left(f, 19), g
        state = tuple(map(xor, state, (a, b, c, d, e, f, g, h)))
    return struct.pack(">8I", *state)


def digest_of(name: str) -> Digest:
    """封存里写明的摘要算法。"""
    try:
        hashlib.new(name)
    except ValueError:
        if name == "sm3":
            return sm3
        raise Wrong(f"不认识摘要算法 {name}") from None
    return lambda data: hashlib.new(name, data).digest()


# The chain and the tree, as the record makes them.


def packed(value: str | int | None) -> bytes:
    """一行各列的规范字节：MessagePack，只有文字、整数和空。"""
    if value is None:
        return b"\xc0"
    if isinstance(value, str):
        data = value.encode()
        size = len(data)
        if size < 32:
            return bytes([0xA0 | size]) + data
        texts = ((0xD9, ">B", 2**8), (0xDA, ">H", 2**16), (0xDB, ">I", 2**32))
        return _marked(size, next((mark, form) for mark, form, end in texts if size < end)) + data
    if -32 <= value < 128:
        return struct.pack(">b", value)
    if value < 0:
        below = ((0xD0, ">b", 2**7), (0xD1, ">h", 2**15), (0xD2, ">i", 2**31), (0xD3, ">q", 2**63))
        return _marked(value, next((mark, form) for mark, form, end in below if value >= -end))
    above = ((0xCC, ">B", 2**8), (0xCD, ">H", 2**16), (0xCE, ">I", 2**32), (0xCF, ">Q", 2**64))
    return _marked(value, next((mark, form) for mark, form, end in above if value < end))


def _marked(number: int, kind: tuple[int, str]) -> bytes:
    return bytes([kind[0]]) + struct.pack(kind[1], number)


def chain_hash(digest: Digest, fact: Json) -> bytes:
    """由一条事实的各列和前一条的链值算出它的链值。"""
    head = bytes([0x90 | len(HEADER)]) + b"".join(packed(fact[name]) for name in HEADER)
    body = digest(fact["body"].encode())
    if body.hex() != fact["body_digest"]:
        raise Wrong(f"第 {fact['position']} 位的内容与摘要不符")
    return digest(b"\x00" + bytes.fromhex(fact["previous"]) + head + body)


def root_by_path(digest: Digest, data: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """一条事实沿证明走到的根。"""
    at, last, found = index, size - 1, digest(b"\x00" + data)
    for step in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            found = digest(b"\x01" + step + found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = digest(b"\x01" + found + step)
        at, last = at >> 1, last >> 1
    return found if last == 0 and 0 <= index < size else None


def grew(digest: Digest, old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """新根是不是由旧根长成的。"""
    if old == new:
        return old_root == new_root
    if not 0 < old < new or not path:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            was, now = digest(b"\x01" + step + was), digest(b"\x01" + step + now)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            now = digest(b"\x01" + now + step)
        at, last = at >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


def read_seal(text: str, where: str) -> dict[str, str]:
    """一份封存的各行，签名对了才算数。"""
    lines = [line.strip() for line in text.splitlines()]
    if "duban-seal/1" not in lines:
        raise Wrong(f"{where} 不是封存")
    said: dict[str, str] = {}
    for line in lines[lines.index("duban-seal/1") + 1 :]:
        name, _, value = line.partition(" ")
        said.setdefault(name, value.strip())
    if missing := [name for name in [*SIGNED, "public", "signature"] if name not in said]:
        raise Wrong(f"{where} 缺 {missing[0]} 一行")
    signed = "duban-seal/1\n" + "".join(f"{name} {said[name]}\n" for name in SIGNED)
    public = bytes.fromhex(said["public"])
    if hashlib.sha256(public).hexdigest()[:16] != said["key"]:
        raise Wrong(f"{where} 的公钥与钥匙编号不符")
    if not signed_by(public, signed.encode(), bytes.fromhex(said["signature"])):
        raise Wrong(f"{where} 的签名不对，内容被改过")
    return said


# The package.


class Package:
    """案卷里的文件：目录或压缩包，大文件不整个读进内存。"""

    def __init__(self, path: Path) -> None:
        self._folder = path if path.is_dir() else None
        self._archive = None if path.is_dir() else zipfile.ZipFile(path)
        if self._archive is None:
            names = [p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()]
        else:
            names = [one.filename for one in self._archive.infolist() if not one.is_dir()]
        if len(set(names)) != len(names):
            raise Wrong("案卷包里有重名的文件")
        self.digests = {name: self._digest(name) for name in names}

    def open(self, name: str) -> IO[bytes]:
        """一个文件。"""
        if self._archive is not None:
            return self._archive.open(name)
        return (self._folder or Path()).joinpath(name).open("rb")

    def read(self, name: str) -> bytes:
        """一个文件的内容。"""
        with self.open(name) as file:
            return file.read()

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        with self.open(name) as file:
            for part in iter(lambda: file.read(1 << 20), b""):
                digest.update(part)
        return digest.hexdigest()


def check_files(files: Package) -> tuple[Json, str]:
    """清单的签名，以及每个文件都在、都没变、没有多出来的。"""
    for name in ("manifest.json", "manifest.sig"):
        if name not in files.digests:
            raise Wrong(f"缺 {name}")
    written = files.read("manifest.json")
    manifest = json.loads(written)
    said = dict(line.partition(" ")[::2] for line in files.read("manifest.sig").decode("ascii").splitlines())
    if not signed_by(bytes.fromhex(said["public"]), written, bytes.fromhex(said["signature"])):
        raise Wrong("manifest.json 的签名不对，清单被改过")
    listed = {one["path"]: one["sha256"] for one in manifest["files"]}
    for name, digest in listed.items():
        if name not in files.digests:
            raise Wrong(f"缺 {name}")
        if files.digests[name] != digest:
            raise Wrong(f"{name} 被改过")
    if more := sorted(set(files.digests) - set(listed) - {"manifest.json", "manifest.sig"}):
        raise Wrong(f"多出 {more[0]}，不在清单里")
    return manifest, said["public"]


def check_facts(files: Package, proof: Json, seal: dict[str, str], digest: Digest) -> list[Json]:
    """每条事实自身相符，并且在封存之内。"""
    facts = [json.loads(line) for line in files.read("facts.jsonl").decode().split("\n") if line]
    paths = {one["position"]: one for one in proof["facts"]}
    if [f["position"] for f in facts] != sorted(paths) or proof["later"]:
        raise Wrong("事实与证明不是一一对应")
    versions: dict[str, int] = {}
    for fact in facts:
        position, stream = fact["position"], fact["stream"]
        if fact["version"] != versions.get(stream, 0) + 1:
            raise Wrong(f"第 {position} 位之前缺了 {stream} 的事实")
        versions[stream] = fact["version"]
        made = chain_hash(digest, fact)
        if made.hex() != fact["hash"] or made.hex() != paths[position]["hash"]:
            raise Wrong(f"第 {position} 位与链值不符")
        path = [bytes.fromhex(step) for step in paths[position]["path"]]
        root = root_by_path(digest, made, position - 1, int(seal["size"]), path)
        if root is None or root.hex() != seal["root"]:
            raise Wrong(f"第 {position} 位不在封存之内")
    return facts


def digests_in(value: Json) -> Iterator[str]:
    """事实里写明的附件摘要。"""
    if isinstance(value, dict):
        if isinstance(value.get("sha256"), str):
            yield value["sha256"]
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from digests_in(inner)


def check_attachments(files: Package, facts: Sequence[Json], without: Sequence[str]) -> int:
    """附件与事实里登记的摘要一一相符；写明没有装入附件的流除外。"""
    held = (fact for fact in facts if fact["stream"] not in without)
    named = {digest for fact in held for digest in digests_in(json.loads(fact["body"]))}
    there = {digest: name for name, digest in files.digests.items() if name.startswith("files/")}
    if missing := named - set(there):
        raise Wrong(f"缺一份附件，摘要 {min(missing)}")
    if more := set(there) - named:
        raise Wrong(f"附件 {there[min(more)]} 不是事实里登记的")
    return len(there)


def check_growth(proof: Json, seal: dict[str, str], digest: Digest) -> set[tuple[int, str]]:
    """更早的封存都是这一份的前身；给出 (条数, 根)。"""
    known = {(int(seal["size"]), seal["root"])}
    for one in proof["growth"]:
        old = read_seal(one["seal"], "更早的封存")
        path = [bytes.fromhex(step) for step in one["path"]]
        roots = bytes.fromhex(old["root"]), bytes.fromhex(seal["root"])
        if old["record"] != seal["record"] or not grew(
            digest, int(old["size"]), roots[0], int(seal["size"]), roots[1], path
        ):
            raise Wrong(f"{old['day']} 的封存不是这一份的前身")
        known.add((int(old["size"]), old["root"]))
    return known


def check_bulletin(files: Package, facts: Sequence[Json]) -> int:
    """通报里的每个数，与列出的件数相符；点到的事项，事实都在。给出有几个数。"""
    said = json.loads(files.read("bulletin.json"))
    whole = [
        (fact["position"], body["content"])
        for fact in facts
        if fact["stream"] == said["stream"]
        for body in [json.loads(fact["body"])]
        if "content" in body
    ]
    if not whole or whole[-1][0] != said["content"]:
        raise Wrong("bulletin.json 说的不是通报最后的内容")
    content = whole[-1][1]
    listed = {one["id"]: one for one in said["figures"]}
    if [one["id"] for one in content["figures"]] != list(listed):
        raise Wrong("bulletin.json 列的数与通报的不是一一对应")
    for figure in content["figures"]:
        for part in ("numerator", "denominator"):
            behind = listed[figure["id"]][part]
            if (None if behind is None else len({one["id"] for one in behind})) != figure[part]:
                raise Wrong(f"“{figure['label']}”写的与列出的件数不符")
    there = {fact["position"]: fact["stream"] for fact in facts}
    for one in said["named"]:
        positions = [at for at in there if there[at] == one["stream"]]
        if one["counted"] != [at for at in positions if at <= content["frozen"]["as_of"]]:
            raise Wrong(f"点到的 {one['number']} 在定格以前的事实与列出的不符")
    if {one["id"] for one in said["named"]} != {one["matter"] for one in content["named"]}:
        raise Wrong("点到的事项与通报的不是一一对应")
    return len(listed)


def check_given(path: str, seal: dict[str, str], known: set[tuple[int, str]]) -> None:
    """存在别处的一份封存与案卷相符。"""
    given = read_seal(Path(path).read_text("utf-8", "replace"), Path(path).name)
    if given["record"] != seal["record"]:
        raise Wrong(f"{Path(path).name} 是另一部记录的封存")
    if (int(given["size"]), given["root"]) not in known:
        if int(given["size"]) in {size for size, _ in known}:
            raise Wrong(f"{Path(path).name} 与案卷里同一次的封存不符：记录被换过，或这一份是伪造的")
        raise Wrong(f"案卷里没有到 {Path(path).name} 的证明：它不在立项之后、出卷之前")


def check(path: Path, seals: Sequence[str] = (), key: str = "") -> Iterator[str]:
    """核对一个案卷；给出要说的话。"""
    files = Package(path)
    manifest, public = check_files(files)
    if key and key.lower() != public:
        raise Wrong(f"公钥不是给的那一把：案卷里是 {public}")
    proof = json.loads(files.read("proof.json"))
    seal = read_seal(proof["seal"], "封存")
    if seal["public"] != public:
        raise Wrong("封存与清单不是同一把钥匙签的")
    digest = digest_of(seal["algorithm"])
    facts = check_facts(files, proof, seal, digest)
    without = manifest.get("without_files", [])
    count = check_attachments(files, facts, without)
    figures = check_bulletin(files, facts) if "bulletin.json" in files.digests else 0
    known = check_growth(proof, seal, digest)
    for given in seals:
        check_given(given, seal, known)
    yield f"相符：{manifest['title']}"
    yield f"事实 {len(facts)} 条，附件 {count} 份，文件 {len(manifest['files'])} 个，一个不多、一个不少、一字未动"
    if figures:
        yield f"通报的 {figures} 个数，与列出的事项一一相符"
    if without:
        yield f"点到的 {len(without)} 件事项，事实都在，附件只写明摘要"
    yield f"都在 {seal['day']} 的封存之内（全部记录 {seal['size']} 条事实，根 {seal['root']}）"
    yield f"与更早的封存 {len(known) - 1} 份一脉相承；另拿来对的 {len(seals)} 份也相符"
    yield f"签名的公钥 {public}{'，与给的一致' if key else '，请与使用说明上印的公钥对一遍'}"


def main(arguments: Sequence[str]) -> int:
    """命令行。"""
    seals: list[str] = []
    rest: list[str] = []
    key = ""
    given = iter(arguments)
    for one in given:
        if one == "--seal":
            seals.append(next(given, ""))
        elif one == "--key":
            key = next(given, "")
        else:
            rest.append(one)
    if len(rest) > 1 or any(one.startswith("-") for one in rest):
        print(__doc__)
        return 2
    path = Path(rest[0]) if rest else Path(__file__).resolve().parent
    try:
        for line in check(path, seals, key):
            print(line)
    except Wrong as wrong:
        print(f"不符：{wrong}")
        return 1
    except (
        OSError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        struct.error,
    ) as error:
        print(f"不符：案卷读不出（{error!r}）")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The configuration: ``config.toml`` overlaid with ``DUBAN_SECTION__KEY``, checked whole before anything starts."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_type_hints

from sqlalchemy.exc import ArgumentError

from events.bulletin.series import PRESETS, Series
from events.bulletin.series_reading import series_from
from events.record.chain import ALGORITHMS
from events.record.connections import read_url
from events.rules.procedures import MatterRules, Procedure, matter_rules_from, procedures_from
from service.documents.section import DocumentSettings
from service.storage.buckets import BucketSettings

PREFIX = "DUBAN_"
TEXTS = tuple[str, ...]
"""The type of a setting that lists texts."""


class WrongSetting(Exception):
    """A setting that cannot be used; names file, key, value and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Who runs the service."""

    name: str = "督查室"
    code: str = "督"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """Where the record lives."""

    url: str = "sqlite:///var/duban.sqlite3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where files live; relative paths count from the configuration file."""

    var: str = "var"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSettings:
    """Which clock rules: the machine's, or a standing one for rehearsals."""

    mode: str = "real"
    start: str = "2000-01-01T00:00:00+08:00"
    follow: bool = False
    max_gap_days: int = 7

    @property
    def start_at(self) -> datetime:
        """Where a rehearsal's clock stands before the first command."""
        return datetime.fromisoformat(self.start)

    @property
    def max_gap(self) -> timedelta:
        """How far ahead of the record the machine's clock may be."""
        return timedelta(days=self.max_gap_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Where pages are served and how long a log-in lasts (machine's clock)."""

    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = "http://127.0.0.1:8000"
    secure_cookies: bool = False
    session_idle_minutes: int = 60
    session_hours: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The SMTP server; an empty host keeps letters as files."""

    host: str = ""
    port: int = 25
    username: str = ""
    password: str = field(default="", repr=False)
    security: str = "none"
    from_address: str = "duban@localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Limits on evidence files."""

    max_mb: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings:
    """When to ask for next year's working days."""

    warn_month: int = 11


SHORTEST_KEPT_MONTHS = 6
"""The access log is never pruned of anything younger (GB/T 22239: six months)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """What auditors go by."""

    late_entry_hours: int = 24
    keep_access_months: int = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class SealSettings:
    """Where seals and keys are kept outside the database; relative paths count from the data folder."""

    digest: str = "sha256"
    """Of the chain, the seals and the access log; fixed when the record is opened."""
    folder: str = "seals"
    keys: str = "keys"
    also_to: str = ""


SECTIONS: Mapping[str, type] = {
    "organization": Organization,
    "database": DatabaseSettings,
    "paths": Paths,
    "clock": ClockSettings,
    "web": Web,
    "mail": Mail,
    "files": Files,
    "calendar": CalendarSettings,
    "documents": DocumentSettings,
    "audit": AuditSettings,
    "seals": SealSettings,
    "s3": BucketSettings,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything configured."""

    organization: Organization = Organization()
    database: DatabaseSettings = DatabaseSettings()
    paths: Paths = Paths()
    clock: ClockSettings = ClockSettings()
    web: Web = Web()
    mail: Mail = Mail()
    files: Files = Files()
    calendar: CalendarSettings = CalendarSettings()
    documents: DocumentSettings = field(default_factory=DocumentSettings)
    audit: AuditSettings = AuditSettings()
    seals: SealSettings = SealSettings()
    s3: BucketSettings = field(default_factory=BucketSettings)
    rules: MatterRules = field(default_factory=MatterRules)
    procedures: Mapping[str, Procedure] = field(default_factory=lambda: procedures_from({}))
    bulletins: Mapping[str, Series] = field(default_factory=lambda: dict(PRESETS))
    root: Path = field(default_factory=Path.cwd)

    @property
    def var(self) -> Path:
        """The data folder."""
        return (self.root / self.paths.var).resolve()

    @property
    def seals_folder(self) -> Path:
        """Where every seal is kept as a file."""
        return (self.var / self.seals.folder).resolve()

    @property
    def keys_folder(self) -> Path:
        """Where the keys lie that are neither in the database nor in a backup."""
        return (self.var / self.seals.keys).resolve()

    @property
    def database_url(self) -> str:
        """The database URL, an SQLite file counted from the configuration file."""
        scheme, found, path = self.database.url.partition(":///")
        if scheme.startswith("sqlite") and found and path and not path.startswith("/"):
            return f"{scheme}:///{(self.root / path).resolve()}"
        return self.database.url

    @property
    def rehearsal(self) -> bool:
        """Whether the clock is a rehearsal's."""
        return self.clock.mode == "rehearsal"


def read_settings(path: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Reads a configuration file and the environment. Raises WrongSetting naming file, key, value and the expected."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise WrongSetting(
            f"找不到配置文件 {path}：用 --config 指明，或把 config.toml 放到当前目录"
        ) from error
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        twice = _heading_written_twice(text)
        why = f"[{twice}] 写了两次；合成一节" if twice else f"不是合法的 TOML：{error}"
        raise WrongSetting(f"{path} {why}") from error
    environment = os.environ if environment is None else environment
    return settings_from(tables, path=path, environment=environment)


def _heading_written_twice(text: str) -> str | None:
    """The first table that is opened twice; TOML names only the place."""
    seen: set[str] = set()
    for line in text.splitlines():
        heading = line.partition("#")[0].strip()
        if heading.startswith("[") and heading.endswith("]"):
            name = heading.strip("[] ")
            if name in seen:
                return name
            seen.add(name)
    return None


def settings_from(
    tables: dict[str, Any], *, path: Path, environment: Mapping[str, str] | None = None
) -> Settings:
    """Settings of parsed tables and overrides. Raises WrongSetting."""
    for name, value in (environment or {}).items():
        if name.startswith(PREFIX) and "__" in name:
            _override(tables, name, value)
    unknown = set(tables) - set(SECTIONS) - {"procedures", "reminders", "bulletins"}
    if unknown:
        raise WrongSetting(f"{path}：不认识 [{min(unknown)}] 这一节；可用的有 {'、'.join(SECTIONS)}")
    read = {name: _section(path, name, kind, tables.get(name, {})) for name, kind in SECTIONS.items()}
    try:
        rules = matter_rules_from(tables.get("reminders", {}))
        procedures = procedures_from(tables.get("procedures", {}))
        bulletins = series_from(tables.get("bulletins", {}))
    except ValueError as error:
        raise WrongSetting(f"{path}：{error}") from error
    settings = Settings(
        **read, rules=rules, procedures=procedures, bulletins=bulletins, root=path.resolve().parent
    )
    _check(path, settings)
    return settings


def _override(tables: dict[str, Any], name: str, value: str) -> None:
    *sections, key = name.removeprefix(PREFIX).lower().split("__")
    table = tables
    for section in sections:
        table = table.setdefault(section, {})
        if not isinstance(table, dict):
            raise WrongSetting(f"环境变量 {name}：没有 [{'.'.join(sections)}] 这一节")
    table[key] = _Override(value)


class _Override(str):
    """A value from the environment: text that is read as the key's type."""

    __slots__ = ()


def _section(path: Path, name: str, kind: type, table: Any) -> Any:
    if not isinstance(table, dict):
        raise WrongSetting(f"{path}：[{name}] 应是一节（表）")
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in hints:
            raise WrongSetting(
                f"{path}：[{name}] 没有 {key} 这个键；可用的有 {'、'.join(f.name for f in fields(kind))}"
            )
        values[key] = _value(path, f"[{name}] {key}", value, hints[key])
    return kind(**values)


def _value(path: Path, where: str, value: Any, expected: Any) -> Any:
    if isinstance(value, _Override):
        if expected is bool and value.lower() in ("true", "1", "false", "0"):
            return value.lower() in ("true", "1")
        if expected is int and value.lstrip("-").isdigit():
            return int(value)
        if expected is str:
            return str(value)
        if expected == TEXTS:
            return tuple(part.strip() for part in value.split(",") if part.strip())
    elif expected == TEXTS and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    elif type(value) is expected:
        return value
    wanted = {str: "文字", int: "整数", bool: "true 或 false", TEXTS: "一列文字"}[expected]
    raise WrongSetting(f"{path}：{where} = {str(value)!r}，应是{wanted}")


def _check(path: Path, settings: Settings) -> None:
    clock, mail, web = settings.clock, settings.mail, settings.web
    wrong: list[tuple[bool, str]] = [
        (clock.mode not in ("real", "rehearsal"), f"[clock] mode = {clock.mode!r}，应是 real 或 rehearsal"),
        (clock.max_gap_days < 1, f"[clock] max_gap_days = {clock.max_gap_days}，应不小于 1"),
        (
            mail.security not in ("none", "starttls", "tls"),
            f"[mail] security = {mail.security!r}，应是 none、starttls 或 tls",
        ),
        (not 0 < mail.port < 65536, f"[mail] port = {mail.port}，应在 1 到 65535 之间"),
        (not 0 <= web.port < 65536, f"[web] port = {web.port}，应在 0 到 65535 之间"),
        ("@" not in mail.from_address, f"[mail] from_address = {mail.from_address!r}，应是邮件地址"),
        (settings.files.max_mb < 1, f"[files] max_mb = {settings.files.max_mb}，应不小于 1"),
        (not 1 <= settings.calendar.warn_month <= 12, "[calendar] warn_month 应在 1 到 12 之间"),
        (settings.documents.seconds < 1, "[documents] seconds 应不小于 1"),
        (settings.documents.megabytes < 500, "[documents] megabytes 应不小于 500"),
        (settings.audit.late_entry_hours < 1, "[audit] late_entry_hours 应不小于 1"),
        (
            settings.audit.keep_access_months < SHORTEST_KEPT_MONTHS,
            f"[audit] keep_access_months 应不小于 {SHORTEST_KEPT_MONTHS}，查阅日志不能早删",
        ),
        (
            settings.seals.digest not in ALGORITHMS,
            f"[seals] digest = {settings.seals.digest!r}，应是 {'、'.join(ALGORITHMS)}",
        ),
        (
            any("@" not in one for one in settings.seals.also_to.replace(",", " ").split()),
            f"[seals] also_to = {settings.seals.also_to!r}，应是用逗号隔开的邮件地址",
        ),
        (web.session_idle_minutes < 1 or web.session_hours < 1, "[web] 登录时长应不小于 1"),
    ]
    for is_wrong, sentence in wrong:
        if is_wrong:
            raise WrongSetting(f"{path}：{sentence}")
    _check_database(path, settings.database.url)
    _check_files(path, settings)
    try:
        aware = clock.start_at.tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise WrongSetting(
            f"{path}：[clock] start = {clock.start!r}，应是带时区的时刻，如 2000-01-01T00:00:00+08:00"
        )


def _check_files(path: Path, settings: Settings) -> None:
    for named in settings.documents.fonts:
        if not (settings.root / named).exists():
            raise WrongSetting(
                f"{path}：[documents] fonts 里的 {named!r} 找不到；写字体文件或文件夹，相对路径从配置文件算起"
            )
    folder = settings.documents.templates
    if folder and not (settings.root / folder).is_dir():
        raise WrongSetting(f"{path}：[documents] templates = {folder!r} 不是文件夹；空着就用随带的文书模板")


def _check_database(path: Path, url: str) -> None:
    try:
        backend = read_url(url).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        raise WrongSetting(
            f"{path}：[database] url = {url!r}，应是 sqlite:///文件 或 postgresql://用户@主机/库"
        )

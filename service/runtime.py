"""The composition root: one readable place where every part is made and joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from events.bulletin import folding as bulletin_folding
from events.bulletin.facts import FACTS as BULLETIN_FACTS
from events.calendars import folding as calendar_folding
from events.calendars.facts import FACTS as CALENDAR_FACTS
from events.delivery.facts import FACTS as DELIVERY_FACTS
from events.directory import folding as directory_folding
from events.directory.facts import FACTS as DIRECTORY_FACTS
from events.matter import folding as matter_folding
from events.matter import noting
from events.matter.facts import FACTS as MATTER_FACTS
from events.meeting import folding as meeting_folding
from events.meeting.facts import FACTS as MEETING_FACTS
from events.opening import facts as opening
from events.record.codec import Codec
from events.record.connections import Database, open_database
from events.record.handling import Folder, Handling
from events.record.sql import Driver
from events.record.store import Store
from events.record.writer import Batch, Writer
from events.sealing import folding as sealing
from events.sealing.facts import FACTS as SEALING_FACTS
from notifications.outbox.filling import LetterBox
from projections.calendars import CalendarReader
from projections.changes import Change, changes
from projections.directory import DirectoryReader
from projections.runner import Projections
from service.clock import Clock, machine_now, moment_policy
from service.documents.configured import font_setting, limits
from service.documents.rendering import Renderer
from service.exchange.exporting import Exporter
from service.files import FileStore
from service.settings import Settings, WrongSetting
from service.storage.access import AccessLog
from service.storage.accounts import Accounts
from service.storage.buckets import Bucket
from service.storage.building import only_rebuild
from service.storage.leases import Leases
from service.storage.migrating import migrated
from service.storage.views import SavedViews
from service.vault import Vault

CODEC = Codec(
    (
        *MATTER_FACTS,
        *BULLETIN_FACTS,
        *MEETING_FACTS,
        *noting.FACTS,
        *DIRECTORY_FACTS,
        *CALENDAR_FACTS,
        *DELIVERY_FACTS,
        *SEALING_FACTS,
        *opening.FACTS,
    )
)
"""Every fact the service knows."""

SEALS = Folder(begin=sealing.begin, evolve=sealing.evolve)
DIRECTORY = Folder(begin=directory_folding.begin, evolve=directory_folding.evolve)

FOLDERS = {
    "matter": Folder(begin=matter_folding.begin, evolve=matter_folding.evolve, fold=matter_folding.fold),
    "bulletin": Folder(begin=bulletin_folding.begin, evolve=bulletin_folding.evolve),
    "meeting": Folder(begin=meeting_folding.begin, evolve=meeting_folding.evolve),
    "notes": Folder(begin=noting.begin, evolve=noting.evolve),
    "unit": DIRECTORY,
    "person": DIRECTORY,
    "user": DIRECTORY,
    "calendar": Folder(begin=calendar_folding.begin, evolve=calendar_folding.evolve),
    "record": Folder(begin=opening.begin, evolve=opening.evolve),
    "seal": SEALS,
    "sealkey": SEALS,
    "letter": Folder(begin=lambda _: None, evolve=lambda state, _: state),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Everything a request, a job or a command line needs."""

    settings: Settings
    database: Database
    store: Store
    writer: Writer
    handling: Handling
    clock: Clock
    directory: DirectoryReader
    calendars: CalendarReader
    projections: Projections
    letters: LetterBox
    accounts: Accounts
    leases: Leases
    access: AccessLog
    views: SavedViews
    files: FileStore
    vault: Vault
    renderer: Renderer
    exporter: Exporter

    @property
    def letters_folder(self) -> Path:
        """Where letters are kept as ``.eml`` when nothing is sent."""
        return self.settings.var / "letters"

    def close(self) -> None:
        """Finishes what is being written and closes the database."""
        self.renderer.close()
        self.exporter.close()
        self.writer.stop()
        self.database.close()


def open_runtime(
    settings: Settings, *, on_broken: Callable[[BaseException], None] | None = None, opened: bool = True
) -> Runtime:
    """Opens database and record as configured.

    ``opened`` False is for ``duban init``, which has no record yet. Raises WrongSetting when the record was never
    opened, or was opened in another mode or with another digest than the configuration says.
    """
    database = open_database(settings.database_url)
    if opened and not migrated(database):
        database.close()
        raise not_there(settings)
    store = Store(database, CODEC)
    directory = DirectoryReader(store)
    calendars = CalendarReader(store)
    writer = Writer(database, CODEC, moment_policy(settings.clock), on_broken=on_broken)
    projections = Projections(store, calendars.now, settings.rules)
    letters = LetterBox(directory.recent, store)
    handling = Handling(store, writer, FOLDERS)
    runtime = Runtime(
        settings=settings,
        database=database,
        store=store,
        writer=writer,
        handling=handling,
        clock=Clock(settings=settings.clock, store=store),
        directory=directory,
        calendars=calendars,
        projections=projections,
        letters=letters,
        accounts=Accounts(
            database=database,
            idle=timedelta(minutes=settings.web.session_idle_minutes),
            longest=timedelta(hours=settings.web.session_hours),
        ),
        leases=Leases(database=database),
        access=AccessLog(database=database),
        views=SavedViews(database=database),
        vault=Vault(folder=settings.keys_folder),
        files=file_store(settings),
        renderer=Renderer(font_setting(settings), limits(settings)),
        exporter=Exporter(settings.database_url),
    )
    if opened:
        _join(runtime)
    return runtime


def file_store(settings: Settings) -> FileStore:
    """Where evidence is kept as configured. Raises WrongSetting where a bucket is named and the extra is missing."""
    try:
        remote = Bucket(settings.s3) if settings.s3.bucket else None
    except ImportError as error:
        raise WrongSetting(
            "[s3] bucket 写了桶名，而这里没有装 boto3；运行 .venv/bin/pip install 'duban[s3]'，或把 bucket 空着"
        ) from error
    return FileStore(
        folder=settings.var / "files", max_bytes=settings.files.max_mb * 1_000_000, remote=remote
    )


def not_there(settings: Settings) -> WrongSetting:
    """What is said where the database holds no record of this program's version."""
    return WrongSetting(
        f"{settings.database_url} 里还没有记录，或版本不同；还没有就先运行 duban init，升级程序后运行 duban upgrade"
    )


def wrong_mode(settings: Settings, opened: str | None) -> WrongSetting:
    """What is said where record and configuration do not agree whether this is in earnest."""
    return WrongSetting(
        f"[clock] mode = {settings.clock.mode!r}，而这份记录是以 {opened} 开出的；改回来，或另开一份记录"
    )


def _join(runtime: Runtime) -> None:
    """Checks that record and configuration agree, and hangs the followers on the writer."""
    mode = runtime.handling.load(opening.STREAM).state.mode
    if mode != runtime.settings.clock.mode:
        runtime.close()
        raise wrong_mode(runtime.settings, mode)
    digest = runtime.store.head().algorithm
    if digest != runtime.settings.seals.digest:
        runtime.close()
        raise WrongSetting(
            f"[seals] digest = {runtime.settings.seals.digest!r}，而这份记录是以 {digest} 成链的；"
            f"改成 {digest}，或另开一份记录"
        )
    follow_the_record(runtime)


def follow_the_record(runtime: Runtime) -> None:
    """Makes sure the read models stand, and lets them and the letter box follow every append."""
    changed: list[Change] = []

    def follow(driver: Driver, batch: Batch) -> None:
        changed[:] = changes(driver, runtime.store, batch)
        runtime.projections.apply(driver, batch.recorded, changed)
        runtime.letters.follow(driver, batch, changed)

    def committed() -> None:
        runtime.handling.keep((c.recorded.stream, c.recorded.version, c.after) for c in changed)
        changed.clear()

    if runtime.projections.stale():
        with only_rebuild(runtime.database) as guard:
            runtime.projections.prepare(runtime.writer, machine_now(), guard=guard)
    runtime.writer.followers.append(follow)
    runtime.writer.on_commit.append(committed)

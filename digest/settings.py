"""What an organisation may set: digest.toml, then DIGEST_* variables, then flags; the later wins.

One small model a group; each field says what moving it does. What shaped an artifact is saved in provenance.json.
"""

import os
import re
from datetime import datetime, time, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from digest.errors import MissingTool

FILE = "digest.toml"
ADDRESS = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+")
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
LLM_VARIABLES = "DIGEST_LLM_"  # short names for the group [llm]: DIGEST_LLM_URL
LLM_KEY = "DIGEST_LLM_KEY"
OIDC_SECRET = "DIGEST_OIDC_SECRET"  # noqa: S105  the variable's name
SMTP_PASSWORD = "DIGEST_SMTP_PASSWORD"  # noqa: S105
WEBHOOK_SECRET = "DIGEST_WEBHOOK_SECRET"  # noqa: S105
APPRISE_URLS = "DIGEST_APPRISE_URLS"
ZOOM_SECRET = "DIGEST_ZOOM_SECRET"  # noqa: S105
ZOOM_WEBHOOK_SECRET = "DIGEST_ZOOM_WEBHOOK_SECRET"  # noqa: S105
BIGBLUEBUTTON_SECRET = "DIGEST_BIGBLUEBUTTON_SECRET"  # noqa: S105
AWS_SECRET = "AWS_SECRET_ACCESS_KEY"  # noqa: S105  as every program that speaks S3 calls it
SECRETS = (  # read from the environment alone
    *(LLM_KEY, OIDC_SECRET, SMTP_PASSWORD, WEBHOOK_SECRET, APPRISE_URLS),
    *(ZOOM_SECRET, ZOOM_WEBHOOK_SECRET, BIGBLUEBUTTON_SECRET, AWS_SECRET),
)


class Group(BaseModel):
    """A frozen group of settings; an unknown name is refused, so that a typing mistake shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    return host == "localhost" or host.startswith("127.") or host == "::1"


def safe_address(url: str) -> str:
    """Return an address to call, empty for none. Raises ValueError where it is none, or could be read on the way."""
    parts = urlsplit(url)
    host, is_here = parts.hostname or "", is_loopback(parts.hostname or "")
    if url and not (host and (parts.scheme == "https" or (parts.scheme == "http" and is_here))):
        raise ValueError("it must begin with https:// and name a host; http:// is for this machine alone")
    return url


class Organisation(Group):
    """Who publishes."""

    name: str = Field("", description="Shown at the head and foot of every page.")
    contact: str = Field("", description="An e-mail address or a page: where readers report a mistake.")
    base_url: str = Field(
        "",
        description="Where the site will live, like `https://digests.example.org`: without it there are no feeds, no "
        "sitemap and no preview for other sites.",
    )
    logo: Path | None = Field(None, description="An image file, copied beside the pages.")
    licence: str = Field("", description="Under which licence digests are published, unless an event says otherwise.")
    language: str = Field(
        "en", description="The language of the pages' own words: ar, de, en, es, fr, pt; any other is English."
    )
    glossary: tuple[str, ...] = Field((), description="Names and acronyms that the transcriber is told every time.")

    def address(self, path: str) -> str | None:
        """Return where a path of the site is reached, None while nobody has said where the site will live."""
        return f"{self.base_url.rstrip('/')}/{path}" if self.base_url else None


class MediaSettings(Group):
    """How the recording is prepared."""

    web_height: int = Field(
        720, ge=16, description="Pixels; a taller picture is scaled down: smaller files, less detail."
    )
    web_quality: int = Field(23, ge=0, le=51, description="x264 CRF, 0-51: lower is better looking and larger.")
    largest_gigabytes: float = Field(20, gt=0, description="A larger file is refused before it is read.")
    seconds_limit: float = Field(
        6 * 3600, gt=0, description="A program working on the recording is ended after so much processor time."
    )


class SpeechSettings(Group):
    """How speech becomes text."""

    model: str = Field("base", description="A Whisper size, or a path to a .pt file: larger is slower and more exact.")
    beam_size: int = Field(
        1,
        ge=1,
        le=16,
        description="Texts sought side by side for each stretch: "
        "five take twice the time and win a tenth of a point of word errors.",
    )


class SlidesSettings(Group):
    """How the deck is read and drawn."""

    image_width: int = Field(1600, ge=16, description="Pixels of a page image.")
    thumbnail_width: int = Field(480, ge=16, description="Pixels of a thumbnail.")
    most_slides: int = Field(1000, ge=1, description="A longer deck is refused.")
    seconds_limit: float = Field(
        180, gt=0, description="LibreOffice or a parser is ended after so much processor time."
    )
    megabytes_limit: int = Field(2048, ge=256, description="A parser that wants more memory is ended.")


class WritingSettings(Group):
    """How much is written."""

    share: float = Field(
        0.25, ge=0, le=1, description="In brief, key points and discussion take at most this share of the words."
    )


class LlmSettings(Group):
    """Which language model words the account. Without a URL none does: the account is quoted, and nothing is sent."""

    url: str = Field(
        "",
        description="An OpenAI-compatible endpoint up to its `/v1`; what was chosen of each transcript is sent there.",
    )
    model: str = Field("", description="The model's name, as the endpoint knows it.")
    seconds_limit: float = Field(
        300, gt=0, description="An answer that takes longer is given up: a slow machine needs more."
    )
    most_tokens: int = Field(200_000, ge=1, description="Asked for and answered, a webinar; then the draft is quoted.")
    price_in: float = Field(0, ge=0, description="Price of a million tokens sent; only to say what a draft cost.")
    price_out: float = Field(0, ge=0, description="Price of a million tokens answered.")

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        """Refuse what is no address, and one with a password: it is stored with the draft."""
        parts = urlsplit(url)
        if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0):
            raise ValueError("it must begin with http:// or https:// and name a host")
        if parts.username or parts.password or parts.query:
            raise ValueError(f"it must hold no name, password or query; a key goes into the variable {LLM_KEY}")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _is_named(self) -> "LlmSettings":
        if self.url and not self.model:
            raise ValueError("an endpoint needs the name of a model: DIGEST_LLM_MODEL")
        return self

    @property
    def host(self) -> str:
        """Return where the endpoint is, without its port."""
        return urlsplit(self.url).hostname or ""

    @property
    def is_local(self) -> bool:
        """Return whether the endpoint is on this machine."""
        return is_loopback(self.host)

    @property
    def max_in_words(self) -> str:
        """Return in words what a webinar may take at most."""
        price = self.most_tokens * max(self.price_in, self.price_out) / 1e6
        return f"{self.most_tokens:,} tokens" + (f", {price:.2f} at your prices" if price else "")


class ExportSettings(Group):
    """What readers can take away besides captions, transcript, chapters and the digest as JSON, which there always are.

    Those named are made at each publication and offered on the digest page.
    """

    formats: tuple[Literal["pdf", "docx", "epub", "markdown", "text", "descriptive", "mail", "audio"], ...] = Field(
        (),
        description="`pdf` (tagged; needs Pango), `docx`, `epub` (read aloud by those who spoke), `markdown`, `text`, "
        "`descriptive` (speech, slides and silences in one text), `mail` (to send on), `audio` (for podcasts). "
        "`epub` and `audio` hold the sound once more.",
    )


class WorkSettings(Group):
    """When drafts of dropped folders are made, and how much of the machine they take. Publications wait for nothing."""

    hours: str = Field(
        "",
        description="`20:00-06:00`: drafts begin only then, by this machine's clock; urgent ones at once.",
    )
    threads: int = Field(
        0, ge=0, description="Processor cores that a draft takes; 0: all. Fewer leave room for others and take longer."
    )
    pool: str = Field(
        "",
        description="A work pool of the Prefect server at PREFECT_API_URL: its workers, on any machine that shares "
        "workspaces and ledger, make drafts and publish. Empty: this machine does. See deploy.md.",
    )
    niceness: int = Field(
        0, ge=0, le=19, description="How far drafts give way to other programs, as `nice` counts: 19 to all of them."
    )

    @field_validator("hours")
    @classmethod
    def _is_a_stretch(cls, hours: str) -> str:
        """Refuse what is no stretch of the day."""
        if hours and not HOURS.fullmatch(hours):
            raise ValueError("it must be two times of the day, like 20:00-06:00")
        return hours

    def opens_at(self, now: datetime) -> datetime | None:
        """Return when drafts may begin again, None where they may now."""
        if not self.hours:
            return None
        opens, closes = (time.fromisoformat(at) for at in self.hours.split("-"))
        at = now.time()
        if (opens <= at < closes) if opens < closes else (at >= opens or at < closes):
            return None
        today = now.replace(hour=opens.hour, minute=opens.minute, second=0, microsecond=0)
        return today if today > now else today + timedelta(days=1)


class WatchSettings(Group):
    """As whom `digest watch` works, and how it says that it is alive."""

    ping_url: str = Field(
        "",
        description="Called, at most once a minute, after a look at the inbox that went well: the address of a check "
        "(healthchecks, Uptime Kuma) that alarms when no call comes. Who has it can silence the alarm.",
    )
    root: bool = Field(
        False, description="`digest watch` works as root, which it else refuses: a fault in it would have the machine."
    )

    @field_validator("ping_url")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        """Refuse what is no address, or could be read on the way."""
        return safe_address(url)


class FetchSettings(Group):
    """From where `digest fetch` may fetch. The hosts of [zoom], [bigbluebutton] and [s3] need not be named here."""

    hosts: tuple[str, ...] = Field(
        (),
        description="`media.example.org`, or `*.example.org` for all below it: from other hosts nothing is fetched, "
        "also not where a named one sends us on.",
    )
    networks: tuple[str, ...] = Field(
        (),
        description="Private networks in which hosts may be, like `10.20.0.0/16`; without it no host that is fetched "
        "from, whatever its name.",
    )

    @field_validator("networks")
    @classmethod
    def _are_networks(cls, networks: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what is no network. Raises ValueError."""
        return tuple(str(ip_network(one)) for one in networks)


class ZoomSettings(Group):
    """Fetches cloud recordings when Zoom's webhook tells of them. Without `account` none is."""

    account: str = Field("", description="Account ID of the server-to-server OAuth app.")
    client: str = Field("", description=f"Client ID of that app; its client secret is the variable {ZOOM_SECRET}.")
    port: int = Field(
        0,
        ge=0,
        le=65535,
        description="`digest watch` listens here, on this machine alone, for `recording.completed`; a proxy in front "
        f"speaks TLS. The webhook's secret token is the variable {ZOOM_WEBHOOK_SECRET}. 0: it does not listen.",
    )
    api: str = Field("https://api.zoom.us/v2", description="Another one for Zoom for Government.")
    login: str = Field("https://zoom.us/oauth/token", description="Where the app gets its token.")
    hosts: tuple[str, ...] = Field(("zoom.us", "*.zoom.us"), description="From where its recordings come.")

    @field_validator("api", "login")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        """Refuse what is no address, or could be read on the way."""
        return safe_address(url)


class BigBlueButtonSettings(Group):
    """Fetches what a BigBlueButton server has published. Without `url` nothing is."""

    url: str = Field(
        "",
        description="What `bbb-conf --secret` names, like `https://bbb.example.org/bigbluebutton/`; the secret is the "
        f"variable {BIGBLUEBUTTON_SECRET}.",
    )

    @field_validator("url")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        """Refuse what is no address, or could be read on the way."""
        return safe_address(url)


class S3Settings(Group):
    """Fetches each folder of a bucket as a drop; needs the extra `s3`. Without `bucket` nothing is."""

    bucket: str = Field("", description=f"Its keys are the variables AWS_ACCESS_KEY_ID and {AWS_SECRET}.")
    prefix: str = Field("", description="Only folders below it, like `webinars/`.")
    endpoint: str = Field("", description="Where the bucket is, if it is not Amazon's: `https://s3.example.org`.")
    region: str = Field("us-east-1", description="The region that requests are signed for.")

    @field_validator("endpoint")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        """Refuse what is no address, or could be read on the way."""
        return safe_address(url)


class RetentionSettings(Group):
    """For how many days is kept what is written down beside the webinars; `digest clean` removes it then."""

    logs: int = Field(0, ge=0, description="What the last runs did; 0: as long as the webinar.")
    crashes: int = Field(0, ge=0, description="Traces of what nobody foresaw; 0: for good.")


class NotifySettings(Group):
    """Who is told of drafts, approvals, publications and failures, and how. Without a setting nobody is."""

    mail_to: tuple[str, ...] = Field((), description="Addresses; each gets a mail of its own.")
    mail_from: str = Field("", description="The sender; empty: the first of `mail_to`.")
    smtp: str = Field("", description="The mail server, `smtp.example.org:587`.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="`tls` from the first byte, most often at port 465; `none` for a server on this machine alone.",
    )
    smtp_user: str = Field("", description=f"Who logs in there; the password is the variable {SMTP_PASSWORD}.")
    webhooks: tuple[str, ...] = Field(
        (),
        description="Addresses that get each message as signed JSON (Standard Webhooks); the key is the variable "
        f"{WEBHOOK_SECRET}.",
    )
    remind_days: float = Field(
        3, ge=0, description="A draft that nobody touched for so long is reminded of, and again each time; 0: never."
    )

    @field_validator("webhooks")
    @classmethod
    def _are_safe(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse what is no address, or could be read on the way."""
        return tuple(map(safe_address, urls))

    @model_validator(mode="after")
    def _can_mail(self) -> "NotifySettings":
        """Refuse half of what mail needs, and a way on which it, or the password, could be read."""
        if bool(self.mail_to) != bool(self.smtp):
            raise ValueError("mail needs both mail_to and smtp")
        for address in (*self.mail_to, self.mail_from):
            if address and not ADDRESS.fullmatch(address):
                raise ValueError("mail_to and mail_from take plain addresses, like editors@example.org")
        if self.smtp_security == "none" and self.smtp and not is_loopback(self.smtp_host):
            raise ValueError('smtp_security = "none" is for a mail server on this machine: mail could be read')
        return self

    @property
    def smtp_host(self) -> str:
        """Return the mail server without its port."""
        return urlsplit(f"//{self.smtp}").hostname or ""

    @property
    def smtp_port(self) -> int:
        """Return the mail server's port."""
        return urlsplit(f"//{self.smtp}").port or {"tls": 465, "starttls": 587, "none": 25}[self.smtp_security]

    @property
    def sender(self) -> str:
        """Return whom mails come from."""
        return self.mail_from or self.mail_to[0]


class DeskSettings(Group):
    """Where editors work, and how they log in where there are several."""

    port: int = Field(8460, ge=1, le=65535, description="The desk listens here.")
    listen: str = Field("127.0.0.1", description="The IP address listened on; another than loopback needs a login.")
    address: str = Field(
        "",
        description="Where editors reach the desk, `https://desk.example.org`, if that is not this machine: "
        "the proxy in front that speaks TLS.",
    )
    login: Literal["link", "passkeys", "oidc", "proxy"] = Field(
        "link",
        description="`link`: one person on this machine, by the link that `digest review` prints. Several people: "
        "`passkeys`, a provider (`oidc`), or a `proxy` that names them; who may come in is said by `digest people`.",
    )
    proxy_header: str = Field("", description="The header in which the proxy says who somebody is.")
    proxy_addresses: tuple[str, ...] = Field(
        (), description="IP addresses or networks of the proxies; from anybody else that header is refused."
    )
    oidc_issuer: str = Field("", description="The provider, up to what comes before `/.well-known/`.")
    oidc_client: str = Field("", description=f"The desk's client ID there; its secret is the variable {OIDC_SECRET}.")
    idle_minutes: float = Field(60, gt=0, description="A session in which nothing is asked for so long has ended.")
    session_hours: float = Field(12, gt=0, description="Every session ends after so long.")
    four_eyes: bool = Field(False, description="Who changed a draft last may not approve it. Needs a login.")

    @property
    def is_secure(self) -> bool:
        """Return whether browsers reach the desk by TLS."""
        return self.address.startswith("https://")

    @property
    def origin(self) -> str:
        """Return where the desk is reached: scheme, host and port. A passkey belongs to a name, not to a number."""
        name = "localhost" if self.login == "passkeys" else "127.0.0.1"
        return self.address.rstrip("/") or f"http://{name}:{self.port}"


class Settings(BaseSettings):
    """All settings; folders are relative to the current folder."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="DIGEST_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    organisation: Organisation = Organisation()
    media: MediaSettings = MediaSettings()
    speech: SpeechSettings = SpeechSettings()
    slides: SlidesSettings = SlidesSettings()
    writing: WritingSettings = WritingSettings()
    llm: LlmSettings = LlmSettings()
    exports: ExportSettings = ExportSettings()
    work: WorkSettings = WorkSettings()
    watch: WatchSettings = WatchSettings()
    fetch: FetchSettings = FetchSettings()
    zoom: ZoomSettings = ZoomSettings()
    bigbluebutton: BigBlueButtonSettings = BigBlueButtonSettings()
    s3: S3Settings = S3Settings()
    notify: NotifySettings = NotifySettings()
    desk: DeskSettings = DeskSettings()
    retention: RetentionSettings = RetentionSettings()
    workspaces: Path = Field(Path("workspaces"), description="One folder a webinar; the thing to back up.")
    public: Path = Field(Path("public"), description="The published site.")
    inbox: Path = Field(Path("recordings/inbox"), description="`digest watch` takes drops from here.")
    state: Path = Field(Path(".digest"), description="Ledger and Prefect's own files; can be rebuilt.")
    sandbox: Literal["best", "strict"] = Field(
        "best",
        description="What opens dropped files is isolated as well as this machine can; "
        "`strict` refuses to work where that is less than whole. `digest doctor` says what there is.",
    )
    templates: Path | None = Field(None, description="An organisation's own templates, found before ours.")
    ledger: str = Field(
        "",
        description="A SQLAlchemy URL; empty: SQLite in the state folder. "
        "`postgresql+pg8000://…` needs the extra `postgresql`.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return flags first, then the environment, then digest.toml."""
        named = {name: os.environ.get(LLM_VARIABLES + name.upper()) for name in LlmSettings.model_fields}
        llm = {"llm": {name: value for name, value in named.items() if value is not None}}
        short = InitSettingsSource(settings_cls, init_kwargs=llm)
        return init_settings, env_settings, short, TomlConfigSettingsSource(settings_cls, Path(FILE))


def cache_folder() -> Path:
    """Return where model weights are kept between projects: $DIGEST_CACHE, else the user's cache folder."""
    named = os.environ.get("DIGEST_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "webinar-digest"


def llm_key() -> str | None:
    """Return what the endpoint asks for as a key: from the environment alone, so that no file ever holds it."""
    return os.environ.get(LLM_KEY)


def oidc_secret() -> str | None:
    """Return the desk's secret at the provider: from the environment alone, so that no file ever holds it."""
    return os.environ.get(OIDC_SECRET)


def smtp_password() -> str | None:
    """Return the password at the mail server: from the environment alone, so that no file ever holds it."""
    return os.environ.get(SMTP_PASSWORD)


def webhook_secret() -> str | None:
    """Return the key that signs webhooks: from the environment alone, so that no file ever holds it."""
    return os.environ.get(WEBHOOK_SECRET)


def zoom_secret() -> str | None:
    """Return the secret of the app at Zoom: from the environment alone, so that no file ever holds it."""
    return os.environ.get(ZOOM_SECRET)


def zoom_webhook_secret() -> str | None:
    """Return what Zoom signs its webhooks with: from the environment alone, so that no file ever holds it."""
    return os.environ.get(ZOOM_WEBHOOK_SECRET)


def bigbluebutton_secret() -> str | None:
    """Return what requests to BigBlueButton are signed with: from the environment alone."""
    return os.environ.get(BIGBLUEBUTTON_SECRET)


def apprise_urls() -> tuple[str, ...]:
    """Return where apprise tells people; each holds a token: from the environment alone."""
    return tuple(os.environ.get(APPRISE_URLS, "").split())


def conceal(text: str, settings: Settings) -> str:
    """Return a text without the secrets that variables hold, and the settings' addresses, however they came in."""
    of_settings = settings.ledger, settings.watch.ping_url, *settings.notify.webhooks
    for one in filter(None, (*of_settings, *(os.environ.get(name, "") for name in SECRETS), *apprise_urls())):
        text = text.replace(one, "[secret]")
    return text


def load(**flags: object) -> Settings:
    """Return the settings in force.

    Raises MissingTool where digest.toml or a variable is not understood, naming each field.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: "
            + ("there is no such setting" if fault["type"] == "extra_forbidden" else fault["msg"])
            for fault in error.errors()
        )
        raise MissingTool(
            f"The settings are not understood: {faults}.", file=FILE, remedy="Correct these fields and try again."
        ) from error
    except ValueError as error:  # tomllib's syntax errors
        raise MissingTool(
            f"The settings cannot be read: {error}.", file=FILE, remedy="Correct it and try again."
        ) from error

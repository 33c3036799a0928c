"""A bucket that speaks S3: each folder in it a drop, under addresses that are signed for an hour."""

import base64
import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from digest.errors import MissingTool, NotAllowed, Overloaded
from digest.fetching.download import RemoteFile
from digest.fetching.sources import Offer
from digest.settings import Settings

STILL = timedelta(minutes=10)  # without a new file after which a folder counts as complete
SIGNED_FOR = 12 * 3600  # seconds that an address holds: a large file on a slow line


class S3:
    """The folders of a bucket."""

    name = "s3"

    def __init__(self, settings: Settings) -> None:
        """Open the bucket. Raises MissingTool where the extra is not installed."""
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            remedy = "Install it: pip install 'webinar-digest[s3]'"
            raise MissingTool("Fetching from a bucket needs the extra s3.", remedy=remedy) from error
        self._s3 = settings.s3
        config = Config(signature_version="s3v4", retries={"max_attempts": 2}, connect_timeout=20, read_timeout=60)
        self._client = boto3.client(
            "s3", endpoint_url=self._s3.endpoint or None, region_name=self._s3.region, config=config
        )

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the host of the bucket, as addresses name it. Raises NotAllowed where there are no keys."""
        return (urlsplit(self._url("-")).hostname or "",)

    def ids(self) -> Iterable[str]:
        """Return the folders below the prefix in which nothing was put of late."""
        newest = defaultdict[str, list[datetime]](list)
        with _errors_in_words(self._s3.bucket):
            for key, found in self._keys(self._s3.prefix):
                folder, slash, name = key.removeprefix(self._s3.prefix).partition("/")
                if slash and name and "/" not in name:
                    newest[folder].append(found["LastModified"])
        return [folder for folder, at in newest.items() if max(at) < datetime.now(UTC) - STILL]

    def offer(self, number: str) -> Offer:
        """Return the files of a folder. Raises NotAllowed where there is none, or rights are missing."""
        with _errors_in_words(self._s3.bucket):
            found = [one for one in self._keys(f"{self._s3.prefix}{number}/") if one[0].rpartition("/")[2]]
            files = tuple(self._file(key, one["Size"]) for key, one in found)
        if not files:
            raise NotAllowed("There is no such folder in the bucket.", file=number, remedy="Check [s3] prefix.")
        return Offer(name=number, files=files)

    def _keys(self, prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._s3.bucket, Prefix=prefix)
        for page in pages:
            yield from ((one["Key"], one) for one in page.get("Contents", ()))

    def _file(self, key: str, size: int) -> RemoteFile:
        head = self._client.head_object(Bucket=self._s3.bucket, Key=key, ChecksumMode="ENABLED")
        said = head.get("ChecksumSHA256", "")
        is_whole = said and "-" not in said  # of a file put there in parts it is a hash of hashes
        sha256 = base64.b64decode(said).hex() if is_whole else None
        return RemoteFile(name=key.rpartition("/")[2], url=self._url(key), size=size, sha256=sha256)

    def _url(self, key: str) -> str:
        asked = {"Bucket": self._s3.bucket, "Key": key}
        with _errors_in_words(self._s3.bucket):
            return str(self._client.generate_presigned_url("get_object", Params=asked, ExpiresIn=SIGNED_FOR))


@contextlib.contextmanager
def _errors_in_words(bucket: str) -> Iterator[None]:
    """Translate what botocore raises. Raises NotAllowed where rights are missing, Overloaded for what may pass."""
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    try:
        yield
    except NoCredentialsError as error:
        remedy = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY where this program starts."
        raise NotAllowed("There are no keys for the bucket.", file=bucket, remedy=remedy) from error
    except ClientError as error:
        status, code = error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
        if status in (401, 403, 404):
            remedy = "The keys need s3:ListBucket on the bucket and s3:GetObject on what is in it; check its name."
            raise NotAllowed(f"The bucket refuses: {code}.", file=bucket, remedy=remedy) from error
        raise Overloaded(f"The bucket answers {code}.", file=bucket, remedy="It is tried again by itself.") from error
    except BotoCoreError as error:
        what = f"The bucket does not answer ({type(error).__name__})."
        raise Overloaded(what, file=bucket, remedy="It is tried again by itself.") from error

"""Passkeys: people are invited by a one-time link, make a passkey there, and log in with it. There are no passwords."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialCreationOptions,
    PublicKeyCredentialRequestOptions,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from digest.desk.logins.login import Login, is_own_path, log
from digest.desk.people import SPENT, Enrol, LogIn, User
from digest.desk.sessions import Session
from digest.errors import NotAllowed

UNKNOWN = "This passkey does not open the desk."


@dataclass
class PasskeyLogin(Login):
    """The browser proves that it holds a passkey, and that its person unlocked it: two factors in one."""

    kind = "passkeys"

    def routes(self) -> Sequence[Route]:
        """Return the way in, for those who have a passkey and those who are invited to make one."""
        return (
            *super().routes(),
            Route("/login/options", self.login_options, methods=["POST"]),
            Route("/login", self.log_in, methods=["POST"]),
            Route("/invitation", self.invitation, methods=["GET"]),
            Route("/invitation/options", self.invitation_options, methods=["POST"]),
            Route("/invitation", self.enrol, methods=["POST"]),
        )

    def login_options(self, request: Request) -> Response:
        """Answer with a challenge; which passkey answers it, the browser asks its person."""
        options = generate_authentication_options(
            rp_id=self._host, user_verification=UserVerificationRequirement.REQUIRED
        )
        return self._challenge(request, options)

    async def log_in(self, request: Request) -> Response:
        """Begin a session where the challenge was signed with a passkey that is known."""
        session, answered = self.sessions.of(request), await request.body()
        person = await run_in_threadpool(self._verify, session, answered) if session else None
        if person is None:
            log.warning("a passkey was refused")
            return JSONResponse({"problem": f"{UNKNOWN} Ask for an invitation if you have none that does."}, 403)
        asked = request.query_params.get("next", "/")
        return self.let_in(JSONResponse({"next": asked if is_own_path(asked) else "/"}), person, session)

    def invitation(self, request: Request) -> Response:
        """Ask whoever opens the link to make a passkey; looking at it does not use it up."""
        token = request.query_params.get("token", "")
        person = self.people.invitee(token, self.now)
        if person is None:
            return self.answers.refuse(*SPENT, 403)
        return self.answers.page("invitation", token=token, person=person)

    def invitation_options(self, request: Request) -> Response:
        """Answer with what a new passkey is made from."""
        person = self.people.invitee(request.query_params.get("token", ""), self.now)
        if person is None:
            return JSONResponse({"problem": " ".join(SPENT)}, 403)
        options = generate_registration_options(
            rp_id=self._host,
            rp_name="Editors’ desk",
            user_name=person.name,
            user_id=hashlib.sha256(person.name.encode()).digest(),  # one passkey of a person in a device
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
        return self._challenge(request, options)

    async def enrol(self, request: Request) -> Response:
        """Keep a new passkey, which spends the invitation, and begin a session."""
        session, answered = self.sessions.of(request), await request.body()
        token = request.query_params.get("token", "")
        made = await run_in_threadpool(self._new_passkey, session, answered) if session else None
        if made is None:
            return JSONResponse({"problem": "The passkey was not made. Try again."}, 403)
        try:
            person = await run_in_threadpool(self.people.enrol, token, made, self.now)
        except NotAllowed as error:
            return JSONResponse({"problem": str(error)}, 403)
        return self.let_in(JSONResponse({"next": "/"}), person, session)

    def _challenge(
        self, request: Request, options: PublicKeyCredentialCreationOptions | PublicKeyCredentialRequestOptions
    ) -> Response:
        session = self.sessions.of(request) or self.sessions.begin(None)
        session.login["challenge"] = options.challenge
        answer = JSONResponse(options_to_json_dict(options))
        self.sessions.hand_over(answer, session)
        return answer

    def _new_passkey(self, session: Session, answered: bytes) -> Enrol | None:
        try:
            made = verify_registration_response(
                credential=answered.decode(),
                expected_challenge=self._take_challenge(session),
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            return None
        return Enrol(
            credential=made.credential_id.hex(),
            public_key=made.credential_public_key.hex(),
            sign_count=made.sign_count,
        )

    def _verify(self, session: Session, answered: bytes) -> User | None:
        """Return whose passkey signed the challenge, or None; a counter that went back is a copy of the passkey."""
        challenge = self._take_challenge(session)
        try:
            credential = parse_authentication_credential_json(answered.decode())
            account = self.people.of_passkey(credential.raw_id.hex())
            if account is None:
                return None
            public_key, count = account.passkeys[credential.raw_id.hex()]
            signed = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=bytes.fromhex(public_key),
                credential_current_sign_count=count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError):
            return None
        used = LogIn(credential=credential.raw_id.hex(), sign_count=signed.new_sign_count)
        self.people.record(account.person.name, used, self.now)
        return account.person

    def _take_challenge(self, session: Session) -> bytes:
        """Return what the browser was asked to sign, once; nobody can have signed what is made up here."""
        challenge: bytes = session.login.pop("challenge", None) or secrets.token_bytes(64)
        return challenge

    @property
    def _origin(self) -> str:
        return self.settings.desk.origin

    @property
    def _host(self) -> str:
        return urlsplit(self._origin).hostname or ""

"""Users' teams and their SSH keys (PER, IDN-2). Users and teams themselves are records: see `workspace.records`."""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from cs_workspace.domain.errors import Invalid, NotFound, Refused
from cs_workspace.domain.goals.teams import Team
from cs_workspace.domain.nearest import nearest
from cs_workspace.domain.permissions import Permission, Person, refusal
from cs_workspace.domain.query.folding import squash
from cs_workspace.store import ssh_keys as key_store
from cs_workspace.store.ssh_keys import SshKey
from cs_workspace.workspace.door import Tx, reads, writes
from cs_workspace.workspace.references import References

KEY_TYPES = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
    "ssh-rsa",
)
LONGEST_KEY = 4_000  # characters; RSA of 16,384 bits has 2,800
_COMMENT = re.compile(r"[^\x00-\x1f\x7f]{0,200}")


# --- teams


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A team with how many belong to it."""

    id: int
    name: str
    parent: str | None
    main_members: int
    extra_members: int


@dataclass(frozen=True, slots=True)
class Member:
    """A user in a team: a main member, or an extra one, who is no part of the team's values (GOL-12)."""

    login: str
    name: str
    main: bool
    active: bool


@reads(Permission.SESSION)
def teams(tx: Tx) -> list[TeamLine]:
    """All teams by name."""
    every = tx.directory.teams
    return [
        TeamLine(
            team.id,
            team.name,
            every[team.parent_id].name if team.parent_id in every else None,
            sum(m.team_id == team.id and m.main for m in tx.directory.memberships),
            sum(m.team_id == team.id and not m.main for m in tx.directory.memberships),
        )
        for team in sorted(every.values(), key=lambda team: squash(team.name))
    ]


@reads(Permission.SESSION)
def members(tx: Tx, team: str) -> list[Member]:
    """Who is in a team, main members first. Raises NotFound."""
    found = _team(tx, team)
    people = tx.directory.people
    within = [
        Member(people[m.user_id].login, people[m.user_id].name, m.main, people[m.user_id].active)
        for m in tx.directory.memberships
        if m.team_id == found.id and m.user_id in people
    ]
    return sorted(within, key=lambda member: (not member.main, squash(member.name)))


@writes(Permission.PEOPLE, "change a team's members")
def change_members(tx: Tx, team: str, *, main: Sequence[str], extra: Sequence[str], gone: Sequence[str]) -> int:
    """Make users main or extra members of a team, or take them out; how many changed. Raises NotFound, Invalid."""
    found = _team(tx, team)
    references = References(tx)
    wanted: dict[int, tuple[int, ...]] = {}
    for logins, place in ((main, "main"), (extra, "extra"), (gone, "gone")):
        for login in logins:
            user = references.user(login)
            if user in wanted:
                raise Invalid("members", f"{login!r} is named twice")
            others = tuple(t for t in tx.directory.people[user].teams if t != found.id)
            if place == "extra" and not others:
                raise Invalid("extra", f"{login!r} has no main team yet", "Use --add to make this team the main one.")
            wanted[user] = (
                others if place == "gone" else (found.id, *others) if place == "main" else (*others, found.id)
            )
    tx.describe(f"change the members of team {found.name}")
    changed = tx.journal.update("users", {user: {"teams": teams} for user, teams in wanted.items()})
    tx.reload()
    return len(changed)


def _team(tx: Tx, name: str) -> Team:
    every = tx.directory.teams.values()
    for team in every:
        if squash(team.name) == squash(name):
            return team
    raise NotFound(f"There is no team {name!r}.", nearest(name, (team.name for team in every)))


# --- SSH keys


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key with whose it is."""

    id: int
    login: str
    type: str
    fingerprint: str
    comment: str


@reads(Permission.SESSION)
def keys(tx: Tx, login: str | None = None) -> list[KeyLine]:
    """Keys of a user, or of everybody; one's own without further rights (PER-14). Raises Refused, Invalid."""
    user = None if login is None else References(tx).user(login)
    if user is None or user != tx.actor.id:
        reason = refusal(tx.actor, Permission.PEOPLE)
        if reason is not None:
            raise Refused(f"{tx.actor.name} may not see keys of others: it {reason}.", "Name yourself.")
    people = tx.directory.people
    return [
        KeyLine(key.id, people[key.user].login, key.type, fingerprint(key.key), key.comment)
        for key in key_store.load_keys(tx.connection)
        if key.user in people and user in (None, key.user)
    ]


@writes(Permission.PEOPLE, "add an SSH key")
def add_key(tx: Tx, login: str, line: str) -> int:
    """Let a key open sessions of a user; its id. The line is that of a `.pub` file. Raises Invalid (IDN-2)."""
    user = tx.directory.people[References(tx).user(login)]
    type_, key, comment = parse_key(line)
    for other in key_store.load_keys(tx.connection):
        if other.key == key:
            raise Invalid(
                "key", f"belongs to {tx.directory.people[other.user].login} already", "Remove it there first."
            )
    tx.describe(f"add an SSH key of {user.login}")
    (added,) = tx.journal.create("ssh_keys", [{"user": user.id, "type": type_, "key": key, "comment": comment}])
    return added


@writes(Permission.PEOPLE, "remove an SSH key")
def remove_key(tx: Tx, login: str, key: str) -> None:
    """Take a key away, given by id or fingerprint. Raises NotFound."""
    user = tx.directory.people[References(tx).user(login)]
    own = [each for each in key_store.load_keys(tx.connection) if each.user == user.id]
    found = [each for each in own if key in {str(each.id), fingerprint(each.key), each.key}]
    if not found:
        raise NotFound(f"{user.name} has no key {key!r}.", f"See `cs-workspace users keys list {user.login}`.")
    tx.describe(f"remove an SSH key of {user.login}")
    tx.journal.delete("ssh_keys", [found[0].id])


@reads(Permission.SESSION)
def owner_of_key(tx: Tx, type: str, key: str) -> Person | None:
    """The active user a key belongs to (IDN-2, IDN-3). Only the door's own system user asks, on behalf of sshd."""
    found: list[SshKey] = [k for k in key_store.load_keys(tx.connection) if (k.type, k.key) == (type, key)]
    owner = tx.directory.people.get(found[0].user) if len(found) == 1 else None
    return owner if owner is not None and owner.active else None


def parse_key(line: str) -> tuple[str, str, str]:
    """Type, base64 text and comment of a line of a `.pub` file. Raises Invalid."""
    if "\n" in line.strip() or "\r" in line.strip():
        raise Invalid("key", "is more than one line", "Give one public key.")
    parts = line.strip().split(None, 2)
    if len(parts) < 2 or parts[0] not in KEY_TYPES:
        hint = f"Give a line such as `ssh-ed25519 AAAA… name`; known types: {', '.join(KEY_TYPES)}."
        raise Invalid("key", "is not a public key OpenSSH can use", hint)
    type_, key, comment = parts[0], parts[1], parts[2] if len(parts) > 2 else ""
    if len(key) > LONGEST_KEY or not _COMMENT.fullmatch(comment):
        raise Invalid("key", "is too long or has control characters in its comment")
    if _type_within(key) != type_:
        raise Invalid("key", f"does not hold a key of type {type_}", "Copy the whole line of the .pub file.")
    return type_, key, comment


def _type_within(key: str) -> str | None:
    """The type a key says it has: base64 of a length, the type, and the numbers."""
    try:
        blob = base64.b64decode(key, validate=True)
        (length,) = struct.unpack(">I", blob[:4])
    except (binascii.Error, ValueError, struct.error):
        return None
    if len(blob) < 4 + length + 4 or base64.b64encode(blob).decode() != key:
        return None
    return blob[4 : 4 + length].decode("ascii", "replace")


def fingerprint(key: str) -> str:
    """The key's SHA-256 as OpenSSH prints it."""
    import hashlib

    digest = hashlib.sha256(base64.b64decode(key)).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"

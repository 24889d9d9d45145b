"""What git knows of the project: staged content, earlier states, and what differs. Reads only; never the network."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kap_content.model.errors import UsageError
from kap_content.startup.regex import regex

LINK, REPOSITORY = "120000", "160000"
_BLAMED = regex(r"([0-9a-f]{40,64}) \d+ (\d+)")


@dataclass(frozen=True, slots=True)
class Blob:
    """A file as git keeps it: its mode and the name of its content."""

    mode: str
    name: str


@dataclass(frozen=True, slots=True)
class Repository:
    """The git repository around a project. Paths are relative to the project's root, with forward slashes."""

    root: Path

    def index_tree(self) -> str:
        """The tree that a commit would make now: exactly what is staged."""
        try:
            return self._line("write-tree")
        except UsageError as error:
            unmerged = "unmerged" in error.message
            raise UsageError(error.message, help="Settle the merge first." if unmerged else error.help) from None

    def tree(self, revision: str) -> str | None:
        """The tree of a revision; None for HEAD before the first commit. A `UsageError` where git knows none."""
        try:
            return self._line("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
        except UsageError:
            if revision == "HEAD":
                return None
            raise UsageError(
                f"git knows no revision “{revision}” here",
                help="A shallow clone lacks it: fetch the history (fetch-depth: 0), or name another.",
            ) from None

    def fork_of(self, revision: str, tip: str = "HEAD") -> str:
        """Where `tip` left `revision`; the revision itself where the two share no history here."""
        if self.tree(revision) is None:
            return revision
        try:
            return self._line("merge-base", "--end-of-options", revision, tip)
        except UsageError:
            return revision

    def files(self, tree: str) -> dict[str, Blob]:
        """The files of a tree that lie in the project."""
        found = {}
        for line in self._records("ls-tree", "-r", "-z", tree):
            head, _, path = line.partition("\t")
            mode, _, name = head.split(" ")
            if mode != REPOSITORY:
                found[path] = Blob(mode, name)
        return found

    def differing(self, before: str, after: str) -> frozenset[str]:
        """The paths that differ between two trees."""
        options = ("-r", "-z", "--no-renames", "--name-only", "--relative")
        return frozenset(self._records("diff-tree", *options, before, after))

    def differing_here(self, before: str) -> frozenset[str]:
        """The paths of the working tree that differ from a tree, with what git does not follow yet."""
        options = ("-z", "--no-renames", "--no-ext-diff", "--name-only", "--relative")
        changed = frozenset(self._records("diff", *options, before, "--"))
        return changed | frozenset(self._records("ls-files", "--others", "--exclude-standard", "-z"))

    def revisions(self, path: str, most: int) -> tuple[str, ...]:
        """The commits that changed a file, the newest first, no more than `most`."""
        options = (f"--max-count={most}", "--format=%H", "-z", "--no-show-signature")
        return tuple(self._records("log", *options, "--", f":(literal){path}"))

    def text(self, revision: str, path: str) -> str:
        """A file as a commit has it; empty where it has none, or where it is no UTF-8 text."""
        blob = self.files(f"{revision}^{{tree}}").get(path)
        if blob is None or blob.mode == LINK:
            return ""
        return self._run("cat-file", "blob", blob.name).decode("utf-8", "replace").replace("\r\n", "\n")

    def write(self, blobs: dict[str, Blob], folder: Path) -> None:
        """Write files into `folder` as git keeps them: no filter runs, so that nothing is fetched or converted."""
        wanted = list(blobs.items())
        names = "".join(f"{blob.name}\n" for _, blob in wanted)
        answer = memoryview(self._run("cat-file", "--batch", give=names.encode("ascii")))
        made: set[Path] = set()
        for path, blob in wanted:
            end = _line_end(answer)
            size = int(bytes(answer[:end]).rpartition(b" ")[2])
            content, answer = answer[end + 1 : end + 1 + size], answer[end + size + 2 :]
            target = folder / path
            if target.parent not in made:
                target.parent.mkdir(parents=True, exist_ok=True)
                made.add(target.parent)
            if blob.mode == LINK:
                _link(target, bytes(content))
            else:
                target.write_bytes(content)

    def authors_of_lines(self, path: str, first: int, last: int) -> dict[int, tuple[str, str]]:
        """Name and address of who wrote each of these lines of a file as it is now.

        Lines that are not committed yet are of the user whom git is set up for.
        """
        answer = self._run("blame", "--line-porcelain", "-L", f"{first},{last}", "--", path).decode("utf-8", "replace")
        user = (self.setting("user.name"), self.setting("user.email"))
        found: dict[int, tuple[str, str]] = {}
        number, name, email, is_committed = 0, "", "", True
        for line in answer.split("\n"):
            if line.startswith("\t"):
                found[number] = (name, email) if is_committed else user
            elif line.startswith("author "):
                name = line.partition(" ")[2]
            elif line.startswith("author-mail "):
                email = line.partition(" ")[2].strip("<>")
            elif head := _BLAMED.match(line):
                is_committed, number = head[1].strip("0") != "", int(head[2])
        return found

    def setting(self, name: str) -> str:
        """A value of the user's git settings; empty where there is none."""
        try:
            return self._line("config", "--get", name)
        except UsageError:
            return ""

    def removed_lines(self, path: str) -> Iterator[tuple[str, str]]:
        """The lines that any commit before HEAD, or HEAD itself against one of its parents, took out of a file.

        Each with the name of the commit.
        """
        options = ("-m", "-p", "-U0", "--full-history", "--no-textconv", "--no-ext-diff", "--no-color", "--no-renames")
        commit = ""
        for record in self._run("log", "--format=%x00%H", *options, "--", path).split(b"\n"):
            if record.startswith(b"\0"):
                commit = record[1:].decode("ascii", "replace")[:12]
            elif record.startswith(b"-") and not record.startswith(b"---"):
                yield commit, record[1:].decode("utf-8", "replace")

    def merges_lines_of_both(self, path: str) -> bool:
        """Whether git keeps the lines of both branches where both appended to a file (merge=union)."""
        return self._line("check-attr", "merge", "--", path).endswith(": union")

    def is_shallow(self) -> bool:
        """Whether the clone lacks older history."""
        return self._line("rev-parse", "--is-shallow-repository") == "true"

    def _line(self, *arguments: str) -> str:
        return os.fsdecode(self._run(*arguments)).strip()

    def _records(self, *arguments: str) -> Iterator[str]:
        return (os.fsdecode(part) for part in self._run(*arguments).split(b"\0") if part)

    def _run(self, *arguments: str, give: bytes = b"") -> bytes:
        command = ["git", "--no-optional-locks", "-c", "core.quotePath=false", *arguments]
        try:
            done = subprocess.run(  # noqa: S603 - a fixed program; no shell
                command, cwd=self.root, env=_environment(), input=give, capture_output=True, check=False
            )
        except FileNotFoundError:
            raise UsageError("git is not installed", help="--staged and --since need it.") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            reason = said[-1] if said else f"git {arguments[0]} failed"
            raise UsageError(f"git: {reason}", help="--staged and --since want a project inside a git repository.")
        return done.stdout


def in_a_hook() -> bool:
    """Whether `git commit` started this process: it tells its hooks which index it commits."""
    return bool(os.environ.get("GIT_INDEX_FILE"))


def _link(target: Path, content: bytes) -> None:
    """A link, or where none may be made (Windows) a file that holds where it leads, as git does then."""
    try:
        target.symlink_to(os.fsdecode(content))
    except OSError:
        target.write_bytes(content)


def _line_end(answer: memoryview) -> int:
    return bytes(answer[:200]).index(b"\n")


def _environment() -> dict[str, str]:
    """The environment for a git that is started in the project's folder instead of where this process stands.

    Git gives its hooks paths relative to where they start. A GIT_DIR without a GIT_WORK_TREE (in the hooks of a linked
    work tree) would make git take the project's folder for the top of the work tree: it is left out, and git finds the
    repository from the folder.
    """
    environment = dict(os.environ)
    if not environment.get("GIT_WORK_TREE"):
        environment.pop("GIT_DIR", None)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        if environment.get(name):
            environment[name] = str(Path.cwd() / environment[name])
    return environment

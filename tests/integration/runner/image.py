"""The Dockerfile, replayed into a folder: its steps as they are written, below another root."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Step:
    word: str
    flags: Mapping[str, str]
    arguments: str

    @property
    def words(self) -> list[str]:
        """Of both forms: JSON, or plain words."""
        if self.arguments.startswith("["):
            words: list[str] = json.loads(self.arguments)
            return words
        return shlex.split(self.arguments)


def steps(text: str) -> Iterator[Step]:
    lines = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    for line in filter(str.strip, lines):
        word, _, rest = line.partition(" ")
        flags: dict[str, str] = {}
        while found := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
            flags[found[1]], rest = found[2], rest[found.end() :]
        yield Step(word, flags, rest.strip())


@dataclass
class Stage:
    """A filesystem below `root`, and what the last steps have said of it."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    said: dict[str, Step] = field(default_factory=dict)

    def at(self, path: str) -> Path:
        """Where that lies here; what is relative begins at the working folder."""
        return self.root / Path(self.folder, path).relative_to("/")

    def moved(self, words: Sequence[str]) -> list[str]:
        """Words with what is absolute below our root."""
        absolute = re.compile(r"(?<![\w.:/])/(opt|app|data)\b")
        return [absolute.sub(rf"{self.root}/\1", each) for each in words]

    def run(self, step: Step) -> None:
        (command,) = self.moved([step.arguments])
        command = re.sub(r"^python -m pip\b", f"{sys.executable} -m pip", command)
        command = re.sub(r"^python\b", str(_interpreter()), command)
        subprocess.run(
            ["/bin/sh", "-ec", command],
            check=True,
            cwd=self.at("."),
            env={**os.environ, **self.environment},
        )


def _interpreter() -> Path:
    """In place of the base image's: one that anybody may run, which root's own is not."""
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    folders = (Path(sys.base_prefix) / "bin", Path("/usr/local/bin"), Path("/usr/bin"))
    candidates = [folder / name for folder in folders]
    for candidate in candidates:
        if candidate.exists() and _is_anybodys(candidate):
            return candidate
    raise AssertionError(f"nobody but root can run any of {candidates}")


def _is_anybodys(program: Path) -> bool:
    return os.geteuid() != 0 or all(
        part.stat().st_mode & 0o001 for part in (program, *program.resolve().parents)
    )


def built(dockerfile: Path, place: Path) -> Stage:
    """The last stage, after all steps; a copy takes nothing that .dockerignore keeps back."""
    stages: dict[str, Stage] = {}
    stage = Stage(place / "none")
    for step in steps(dockerfile.read_text()):
        match step.word:
            case "FROM":
                name = step.words[2] if len(step.words) > 1 else "last"
                stage = stages[name] = Stage(place / name)
                stage.root.mkdir()
                (stage.root / "opt").mkdir()
            case "ENV":
                pairs = (each.split("=", 1) for each in step.words)
                stage.environment |= {name: value for name, value in pairs if name != "PATH"}
            case "WORKDIR":
                stage.folder = step.arguments
                stage.at(".").mkdir(exist_ok=True)
            case "RUN":
                stage.run(step)
            case "COPY":
                *sources, target = step.words
                for source in sources:
                    found = _source(source, stages.get(step.flags.get("from", "")))
                    _copy(found, stage.at(target), into=target.endswith("/"), step=step)
            case _:
                stage.said[step.word] = step
    return stage


def _source(path: str, stage: Stage | None) -> Path:
    if stage is not None:
        return stage.at(path)
    assert not _is_ignored(path), f".dockerignore keeps {path} back"
    return ROOT / path


def _is_ignored(path: str) -> bool:
    ignored = False
    for pattern in (ROOT / ".dockerignore").read_text().split():
        if fnmatch(path, pattern.removeprefix("!")):
            ignored = not pattern.startswith("!")
    return ignored


def _copy(source: Path, target: Path, *, into: bool, step: Step) -> None:
    target = target / source.name if into else target
    if source.is_dir():
        shutil.copytree(
            source,
            target,
            symlinks=True,
            ignore=shutil.ignore_patterns("__pycache__") if "from" not in step.flags else None,
        )
    else:
        shutil.copy2(source, target)
    if (owner := step.flags.get("chown")) and os.geteuid() == 0:
        os.chown(target, *map(int, owner.split(":")))
    if mode := step.flags.get("chmod"):
        target.chmod(int(mode, 8))

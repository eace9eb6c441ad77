"""A source tree whose functions are the real ones and those of ``tests/platform/functions``."""

from pathlib import Path

from tests.server import ROOT

EXTRA = Path(__file__).parent / "functions"


def plant(folder: Path) -> Path:
    """Make the tree of links in an empty folder."""
    for name in ("config.py", "router.py", "storage", "docs"):
        (folder / name).symlink_to(ROOT / name)
    samples = folder / "data" / "samples"
    samples.mkdir(parents=True)
    for path in (ROOT / "data" / "samples").glob("*.json"):
        (samples / path.name).symlink_to(path)
    functions = folder / "functions"
    functions.mkdir()
    for path in [*(ROOT / "functions").iterdir(), *EXTRA.glob("[!_]*.py")]:
        if path.name != "__pycache__":
            (functions / path.name).symlink_to(path)
    for path in EXTRA.glob("[!_]*.py"):
        (samples / f"{path.stem}.json").write_text("{}")
    return folder

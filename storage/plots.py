"""``plot_records``: the deployed table with one row for each figure file that was made."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from storage.database import operation
from storage.engine import Connection
from storage.models import Plot
from storage.orm import peewee
from storage.records import PlotFile, PlotRecord


def note_plots(
    connection: Connection, user_id: int, experiment: str, plots: Sequence[PlotFile]
) -> None:
    """Add rows inside the transaction that completes their run."""
    moment = datetime.now(UTC)
    rows = [
        {
            Plot.user_id: user_id,
            Plot.experiment: experiment,
            Plot.file_path: plot.file_path,
            Plot.url: plot.url,
            Plot.created_at: moment,
        }
        for plot in plots
    ]
    if rows:
        Plot.insert_many(rows).execute(connection)


def forget_run(connection: Connection, user_id: int, run_id: str) -> None:
    """Delete the rows of a run's figures inside the transaction that deletes the run."""
    of_run = peewee.fn.INSTR(Plot.url, f"/{run_id}-") > 0
    Plot.delete().where((Plot.user_id == user_id) & of_run).execute(connection)


@operation
def of_user(connection: Connection, user_id: int) -> list[PlotRecord]:
    """Give all figures that were made for a user, oldest first."""
    query = Plot.select().where(Plot.user_id == user_id).order_by(Plot.id)
    return [msgspec.convert(row, PlotRecord) for row in query.dicts().execute(connection)]

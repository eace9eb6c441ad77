"""Instrument limits: one that may be given acts on the result, one that may not is refused."""

import json
from typing import Any

import msgspec
import pytest

from functions._lab.fields import fields
from functions._runtime.discovery import discover
from functions._runtime.errors import BadInput
from functions._runtime.experiment import Experiment
from functions._runtime.form import FormField, form
from functions._runtime.validation import check_readings, decode
from functions.fit import Columns

EXPERIMENTS = {found.wire_name: found for found in discover() if isinstance(found, Experiment)}
MORE: dict[str, list[dict[str, Any]]] = {
    "mechanics": [{"v2x2": {"mass_g": 250.0}}],
    "millikan": [
        {
            "qi": None,
            "voltages": [250, 257],
            "fall_times": [[18.5], [21.9]],
            "rise_times": [[20.5], [31.9]],
            "ni": [4, 3],
        }
    ],
    "photo-devices": [{"pd_wl": [400, 450, 500, 550, 600], "pd_I_wl": [1, 2, 4, 2, 1]}],
    "solar-cell": [
        {"cells_in_series": 2, "temperature_C": 25, "area_cm2": 40, "irradiance_W_m2": 300}
    ],
    "ultrasound": [{"receiver_mass_kg": 0.1}],
}
"""What a sample leaves out."""


def merged(sample: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    parts = {k: sample[k] | v if isinstance(v, dict) else v for k, v in more.items()}
    return {k: v for k, v in (sample | parts).items() if v is not None}


def bodies(experiment: Experiment) -> list[dict[str, Any]]:
    samples = [json.loads(path.read_bytes()) for path in experiment.sample_paths]
    more = MORE.get(experiment.wire_name, [])
    return [*samples, *(merged(samples[0], part) for part in more)]


def outcome(experiment: Experiment, body: dict[str, Any]) -> bytes:
    readings = decode(json.dumps(body).encode(), experiment.input)
    check_readings(readings, 50_000)
    result = experiment.analyse(readings)
    return msgspec.json.encode([result.measurands, result.fits])


def asked(experiment: Experiment) -> list[tuple[str, FormField]]:
    return [
        (variant.tag, one)
        for variant in form(experiment).variants
        for one in variant.fields
        if one.unit and one.kind in ("column", "repeats", "scalar", "integer")
    ]


CASES = [(name, tag, one) for name, found in EXPERIMENTS.items() for tag, one in asked(found)]


@pytest.mark.parametrize(
    ("name", "tag", "one"), CASES, ids=[f"{name}-{tag}{one.path}" for name, tag, one in CASES]
)
def test_a_limit_acts_or_is_refused(name: str, tag: str, one: FormField) -> None:
    experiment = EXPERIMENTS[name]
    known = [body for body in bodies(experiment) if not tag or tag in body.values()]
    with_u = {"u_x", "u_y"}
    acted = False
    for body in known:
        if one.name in ("x", "y") and with_u & set(body):
            continue
        limited = body | {"instrument": {one.name: 0.013}}
        if not one.limited:
            with pytest.raises(BadInput, match="误差限"):
                outcome(experiment, limited)
            continue
        acted = acted or outcome(experiment, limited) != outcome(experiment, body)
    assert acted is one.limited


def test_uncertainties_are_no_readings() -> None:
    declared = fields(Columns)
    assert [name for name, one in declared.items() if not one.limited] == ["u_x", "u_y"]

"""Before and after: some sources with the outputs made of them, and the values that were drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from domain.recipe.splits import SPLITS
from domain.report.html import NOTHING_SHOWN, facts_of, picture_beside, rendered
from domain.rows import Sample, SampleOutput, StepRecord

if TYPE_CHECKING:
    from markupsafe import Markup

HINT = (
    "Click {what} for its source, steps, values, seed and sha256. The same of every other file stands below, under "
    "Lineage, and in manifest.jsonl."
)
GLUE = "\u00a0"  # a name and its number stay on one line
LONG = ("middle", "partner_steps")
SHOWN_WITHOUT_WORDS = ("resize_crop", "mono", "resample", "one_of")


def describe(step: StepRecord) -> str:
    """A few signs for one step of the manifest: "rotate −12.3°", "zoom ×1.08"."""
    op, values = step["op"], step["values"]
    if op == "rotate":
        return f"rotate{GLUE}{_signed(values['degrees'], 1)}°"
    if op == "zoom":
        return f"zoom{GLUE}×{values['factor']:.2f}"
    if op == "one_of":
        return f"way{GLUE}{values['chosen'] + 1}"
    if op == "flip":
        return "mirrored" if values["axis"] == "horizontal" else "upside down"
    if op == "brightness_contrast":
        light, contrast = _signed(values["brightness"], 2), _signed(values["contrast"], 2)
        return f"light{GLUE}{light}, contrast{GLUE}{contrast}"
    if op == "gaussian_noise":
        return f"noise severity {values['severity']} (σ {values['sigma']:.0f})"
    if op == "grayscale":
        return "gray"
    if op == "colored_noise":
        return f"{values['color']} noise {values['snr_db']:.1f}{GLUE}dB below"
    if op in ("gain", "pitch"):
        amount, unit = (values["db"], "dB") if op == "gain" else (values["semitones"], "semitones")
        return f"{op} {_signed(amount, 1)}{GLUE}{unit}"
    told = {name: value for name, value in values.items() if "seed" not in name and name not in LONG}
    shown = [_short("" if name == op else name, value) for name, value in told.items()]
    return f"{op.replace('_', ' ')} {', '.join(filter(None, shown))}".strip()


def _short(name: str, value: Any) -> str:
    """ "length 3", "strength 0.25"; nothing for what is too long to say here: the card of the picture says it."""
    if isinstance(value, bool) or value is None:
        return name.replace("_", " ") if value else ""
    if isinstance(value, float):
        number = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
        return f"{name.replace('_', ' ')}{GLUE}{number}".strip(GLUE).replace("-", "−")
    text = f"{name} {value}".strip()
    return text if len(text) <= 28 else ""


def _signed(value: float, digits: int) -> str:
    text = f"{value:+.{digits}f}"
    return text[1:] if float(text) == 0 else text.replace("-", "−")


def contact_sheet(samples: Sequence[Sample], noun: str = "image") -> Markup:
    """Each sample as a strip of pictures; a click opens what the manifest knows about a file."""
    strips = [_strip(sample, f"s{number}") for number, sample in enumerate(samples) if sample["outputs"]]
    written = any(strip["text"] or strip["record"] for strip in strips)
    hint = HINT.format(what="the name of a file" if written else "a picture")
    return rendered("contact_sheet.html", samples=strips, noun=noun, hint=hint, written=written)


def evaluation_sheet(samples: Sequence[Sample], noun: str = "image") -> Markup | str:
    """One picture of each sample of the other splits."""
    shown = [
        {**NOTHING_SHOWN, **sample, **sample["outputs"][0]}
        for sample in sorted(samples, key=lambda sample: (SPLITS.index(sample["split"]), sample["source"]))
        if sample["outputs"]
    ]
    return rendered("evaluation.html", outputs=shown, noun=noun) if shown else ""


def _strip(sample: Sample, key: str) -> dict[str, Any]:
    several = {output["export"] for output in sample["outputs"] if output["variant"]}
    outputs = [
        _output(sample, output, f"{key}-{number}", numbered=output["export"] in several)
        for number, output in enumerate(sample["outputs"])
    ]
    return {**NOTHING_SHOWN, **sample, "outputs": outputs}


def _output(sample: Sample, output: SampleOutput, key: str, *, numbered: bool) -> dict[str, Any]:
    words = [describe(step) for step in output["steps"] if step["op"] not in SHOWN_WITHOUT_WORDS]
    variant = f" {output['variant']}" if output["variant"] else ""
    return {
        "key": key,
        "name": f"{output['export']} {output['variant']}" if numbered else output["export"],
        "title": f"{output['export']}{variant}",
        "thumbnail": output.get("thumbnail"),
        "sound": output.get("sound"),
        "picture": picture_beside(output),
        "words": ", ".join(words) or "unchanged",
        "facts": facts_of(sample, output),
        "steps": output["steps"],
    }

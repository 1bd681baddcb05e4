"""Before and after: some sources with the outputs made of them, and the values that were drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.report.html import escape, player, section
from domain.report.lineage import HINT, clickable, output_card

GLUE = "\u00a0"  # a name and its number stay on one line
SHOWN_WITHOUT_WORDS = ("resize_crop", "mono", "resample", "one_of")


def describe(step: Mapping[str, Any]) -> str:
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
    shown = [_short("" if name == op else name, value) for name, value in values.items() if "seed" not in name]
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


def contact_sheet(samples: Sequence[Mapping[str, Any]], noun: str = "image") -> str:
    strips = "".join(_strip(sample, f"s{number}") for number, sample in enumerate(samples) if sample["outputs"])
    if not strips:
        return section("Before and after", f'<p class="note">This run made no new file of the sampled {noun}s.</p>')
    note = (
        f"Some training {noun}s, chosen by a hash of their names: the source at the left, some of its files beside it. "
    )
    note += HINT
    return section("Before and after", f'<div class="sheet">{strips}</div>', note)


def _strip(sample: Mapping[str, Any], key: str) -> str:
    source = (
        f'<figure class="source"><img src="{escape(sample["thumbnail"])}" alt="source">{player(sample.get("sound"))}'
        f"<figcaption><b>{escape(sample['source'])}</b>"
        f'{escape(sample["label"])}<br><span class="tag">{escape(sample["split"])}</span></figcaption></figure>'
    )
    several = {output["export"] for output in sample["outputs"] if output["variant"]}
    made = "".join(
        _output(sample, output, f"{key}-{number}", numbered=output["export"] in several)
        for number, output in enumerate(sample["outputs"])
    )
    return f'<div class="strip">{source}<div class="made">{made}</div></div>'


def _output(sample: Mapping[str, Any], output: Mapping[str, Any], key: str, *, numbered: bool) -> str:
    words = [describe(step) for step in output["steps"] if step["op"] not in SHOWN_WITHOUT_WORDS]
    name = f"{output['export']} {output['variant']}" if numbered else output["export"]
    values = escape(", ".join(words)) or "unchanged"
    picture = f'<img src="{escape(output["thumbnail"])}" alt="{escape(name)}" loading="lazy">'
    return (
        f"<figure>{clickable(picture, key, output_card(sample, output, key))}{player(output.get('sound'))}"
        f"<figcaption><b>{escape(name)}</b>{values}</figcaption></figure>"
    )

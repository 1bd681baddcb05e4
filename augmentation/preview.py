"""One page that shows, for a few images, every export of a recipe with some of its variants and the values drawn."""

from __future__ import annotations

from pathlib import Path

from augmentation.errors import BadImage, UsageError
from augmentation.execution import Execution
from augmentation.inputs import find_sources
from augmentation.readers import read_image
from augmentation.recipe_file import load_recipe
from augmentation.source_work import Row, decode_target, thumbnail
from augmentation.writers import write_file
from domain.augmentation_plan import training_outputs
from domain.recipe import chains
from domain.report.contact_sheet import contact_sheet
from domain.report.html import escape
from domain.report.style import STYLE
from domain.splits import TRAIN, by_hash

VARIANTS_SHOWN = 10
SIDE = 224


def preview(recipe_path: Path, folder: Path, output: Path, samples: int, seed: int) -> int:
    """Writes the page and returns how many images it shows; images that cannot be read are passed over.

    Raises:
        UsageError: the recipe or the folder cannot be used, or holds no readable image.
    """
    recipe, _ = load_recipe(recipe_path)
    rows: list[Row] = []
    reasons: list[str] = []
    for source in by_hash(file.source for file in find_sources(folder)):
        if len(rows) == samples:
            break
        wanted = [one for one in training_outputs(chains(recipe), seed, source, {}) if one.variant < VARIANTS_SHOWN]
        try:
            frame = read_image((folder / source).read_bytes(), decode_target(recipe))
        except (BadImage, OSError) as error:
            reasons.append(f"{source}: {error}")
            continue
        made = [
            {
                "export": one.output.chain.export.export,
                "variant": one.output.variant,
                "steps": list(one.steps),
                "thumbnail": thumbnail(one.pixels, SIDE),
            }
            for one in Execution(seed, source, wanted).run(recipe.steps, frame)
        ]
        picture = thumbnail(frame.pixels, SIDE)
        rows.append({"source": source, "label": "", "split": TRAIN, "thumbnail": picture, "outputs": made})
    if not rows:
        raise UsageError(
            f"--input {folder}: no image could be read. {'; '.join(reasons[:3]) or 'The folder is empty.'}"
        )
    write_file(output, _page(recipe.name, seed, rows).encode("utf-8", "backslashreplace"))
    return len(rows)


def _page(name: str, seed: int, rows: list[Row]) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Preview of {escape(name)}</title><style>{STYLE}.made{{grid-template-columns:"
        "repeat(auto-fill,minmax(150px,1fr))}</style></head><body><main>"
        f'<header><div class="brand">Recipe preview</div><h1>{escape(name)}<small>seed {seed}</small></h1></header>'
        f"{contact_sheet(rows)}</main></body></html>\n"
    )

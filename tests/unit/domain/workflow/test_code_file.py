"""What a file with custom steps may be: judged by its name and its content, for the job's Python, not for this one."""

from __future__ import annotations

import io
import zipfile

import pytest

from domain.workflow.code_file import GLIBC, PYTHON, BadCode, code_name_problem, has_name, modules_of
from scripts.build_assets import IMAGE_PLATFORM, IMAGE_PYTHON

WHEEL = "my_steps-1.0-py3-none-any.whl"


def wheel(*names: str, metadata: str = "Name: my-steps\n") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "")
        archive.writestr("my_steps-1.0.dist-info/METADATA", metadata)
    return content.getvalue()


def test_it_is_judged_for_the_image_of_the_job() -> None:
    assert ".".join(map(str, PYTHON)) == IMAGE_PYTHON
    assert f"x86_64-manylinux_{GLIBC[0]}_{GLIBC[1]}" == IMAGE_PLATFORM


@pytest.mark.parametrize(
    "name",
    [
        "my_steps.py",
        WHEEL,
        "my_steps-1.0-1-py2.py3-none-any.whl",
        "my_steps-1.0-py310-none-any.whl",
        "my_steps-1.0-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "my_steps-1.0-cp37-abi3-manylinux_2_28_x86_64.whl",
        "my_steps-1.0+local.2-cp310-cp310-linux_x86_64.whl",
    ],
)
def test_what_the_job_can_import_is_taken(name: str) -> None:
    assert code_name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("my_steps.zip", "neither a .py file nor a wheel"),
        ("my-steps.py", "cannot be imported: call it like my_steps.py"),
        ("2steps.py", "cannot be imported"),
        ("my_steps.whl", "no name of a wheel, like my_steps-1.0-py3-none-any.whl"),
        ("my_steps-1.0-cp312-cp312-manylinux2014_x86_64.whl", "for cp312-cp312, and the job has Python 3.10 (cp310)"),
        ("my_steps-1.0-py311-none-any.whl", "for py311-none, and the job has Python 3.10"),
        ("my_steps-1.0-cp311-abi3-manylinux2014_x86_64.whl", "for cp311-abi3, and the job has Python 3.10"),
        ("my_steps-1.0-py2-none-any.whl", "for py2-none"),
        ("my_steps-1.0-cp310-cp310-macosx_11_0_arm64.whl", "for macosx_11_0_arm64, and the job runs on Linux, x86_64"),
        ("my_steps-1.0-cp310-cp310-manylinux_2_34_x86_64.whl", "with glibc 2.28"),
        ("my_steps-1.0-cp310-cp310-manylinux2014_aarch64.whl", "the job runs on Linux, x86_64"),
        (f"{'x' * 98}.py", "longer than 100 characters"),
    ],
)
def test_what_it_cannot_import_is_refused_with_the_reason(name: str, reason: str) -> None:
    assert reason in (code_name_problem(name) or "")


def test_the_modules_of_a_wheel_are_found_wherever_pip_puts_them_from() -> None:
    data = wheel(
        "my_steps/__init__.py",
        "my_steps/colors.py",
        "my_steps/fast.cpython-310-x86_64-linux-gnu.so",
        "my_steps-1.0.data/purelib/extra.py",
        "my_steps/notes.txt",
    )
    assert set(modules_of(WHEEL, data)) == {"my_steps", "my_steps.colors", "my_steps.fast", "extra"}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("my_steps.py", b"def tint(:\n", "is no Python 3.10: line 1: "),
        ("my_steps.py", b"\xff\xfe\x00", "is no Python"),
        ("random.py", b"", "holds a module random, and the job has another one of that name: rename it"),
        ("numpy.py", b"", "holds a module numpy"),
        ("distutils.py", b"", "holds a module distutils"),
        (WHEEL, b"no zip", "is no wheel"),
        (WHEEL, wheel("domain/steps.py"), "holds a module domain"),
        (
            WHEEL,
            wheel("a.py", metadata="Requires-Python: >=3.11\n"),
            "needs Python >=3.11, and the job has Python 3.10",
        ),
        (WHEEL, wheel("a.py", metadata="Requires-Python: >=3.8,<3.10\n"), "needs Python >=3.8,<3.10"),
        (WHEEL, b"x" * (20 * 1024 * 1024 + 1), "at most 20,971,520 are taken"),
    ],
)
def test_what_holds_no_modules_for_the_job_is_refused(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(BadCode) as caught:
        modules_of(name, data)
    assert reason in str(caught.value)


def test_a_wheel_that_was_damaged_on_its_way_is_refused_wherever_the_damage_is() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my_steps-1.0.dist-info/METADATA", "Requires-Python: >=3.8\n" * 9)
    whole = content.getvalue()
    refused = 0
    for place in range(len(whole)):
        try:
            modules_of(WHEEL, whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        except BadCode:
            refused += 1
    assert refused > len(whole) / 3


@pytest.mark.parametrize("python", [">=3.8", ">=3.10", "~=3.9", ">=3.7,<4", "==3.10.*", "!=3.9.1", ">3"])
def test_a_wheel_that_takes_the_jobs_python_is_taken(python: str) -> None:
    assert set(modules_of(WHEEL, wheel("a.py", metadata=f"Requires-Python: {python}\n\nText\n"))) == {"a"}


@pytest.mark.parametrize(
    ("code", "there"),
    [
        ("def tint(): pass", True),
        ("tint = lambda image, rng: image", True),
        ("if 1:\n    from colors import tint_all as tint", True),
        ("from colors import *", True),
        ("def tin(): pass", False),
    ],
)
def test_a_function_is_looked_for_without_running_the_module(code: str, there: bool) -> None:
    syntax = modules_of("my_steps.py", code.encode())["my_steps"]
    assert syntax is not None
    assert has_name(syntax, "tint") is there

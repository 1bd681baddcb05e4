"""Copies of images by albumentations 2.0.8, the last release under the MIT license, in an environment of its own.

    .venv-bench/bin/python bench/peer_augmentation.py --seed 7 < jobs.jsonl

A line of `jobs.jsonl` names a file and where its copies go: {"file": …, "to": [….png, …]}. The policy is made of what
the library's documentation begins with, in its usual ranges: a mirror, shift, scale and rotation (`ShiftScaleRotate`,
which is `Affine` by now), light.
"""

from __future__ import annotations

import argparse
import json
import sys

import albumentations as alb
import cv2

cv2.setNumThreads(1)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    policy = alb.Compose(
        [
            alb.HorizontalFlip(p=0.5),
            alb.Affine(translate_percent=(-0.0625, 0.0625), scale=(0.9, 1.1), rotate=(-45, 45), p=0.5),
            alb.RandomBrightnessContrast(p=0.5),
        ],
        seed=parser.parse_args().seed,
    )
    for line in sys.stdin:
        job = json.loads(line)
        read = cv2.imread(job["file"])
        if read is None:
            raise OSError(f"{job['file']}: OpenCV cannot read this image")
        image = cv2.cvtColor(read, cv2.COLOR_BGR2RGB)
        for name in job["to"]:
            cv2.imwrite(name, cv2.cvtColor(policy(image=image)["image"], cv2.COLOR_RGB2BGR))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The course's audio case: clips with transcripts -> background noise -> people verify each transcript -> a version.

The clips are Morse, keyed by a script: nobody's voice is needed, and what is right is known. A quarter of the
transcripts that come along are wrong.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from domain.jsonlines import load_lines
from domain.labels.rows import LABELED, LabelRow, write_labels
from domain.text import counted
from localcloud.client.forms import AUDIO_TRANSCRIPT
from localcloud.client.process import LocalCloud
from scripts.demo.clients import Clients
from scripts.demo.data_set import read_text
from scripts.demo.executions import Executions
from scripts.demo.job import ROOT, DemoError, Job
from scripts.demo.run import LABELS, RUN_ID, SEED, Demo
from scripts.key_morse import key_morse

GIVEN, VERIFIED = "morse", "morse-verified"
WIND, CLIPS = Path(__file__).with_name("wind.yaml"), ROOT / "recipes/clips.yaml"
BACKGROUNDS = "backgrounds/"


class AudioDemo(Demo):
    """Two executions: `augment` mixes wind into the clips, `pipeline` lets people verify what it made."""

    _noun = "clip"

    def __init__(self, console: Any, work: Path, *, human: bool, backend: str) -> None:
        sounds = key_morse(work / "input")
        job = Job(GIVEN, sounds.clips, "Is this what is keyed?", (), None, WIND)
        super().__init__(console, work, job, human=human, backend=backend)
        self._sounds = sounds

    def _label_and_augment(self, cloud: LocalCloud, clients: Clients, outputs: dict[str, str]) -> dict[str, Any]:
        noisy = self._add_noise(clients, outputs)
        rows = list(load_lines(read_text(clients.s3, f"{noisy['uri']}manifest.jsonl"), "manifest.jsonl"))
        # Workers know a clip by the name that it has in the version.
        answers = {row["path"]: self._sounds.answers[row["source"]] for row in rows}
        labeling = self._labeling(cloud, clients, outputs, answers, AUDIO_TRANSCRIPT)
        payload = {
            "dataset": VERIFIED,
            "manifest": f"{noisy['uri']}augmented.manifest",
            "task": {"type": "audio-transcript", "question": self._job.question},
            "recipe": f"recipes/{CLIPS.name}",
        }
        summary = self._run_pipeline(clients, outputs, labeling, payload)
        return {**summary, "transcripts": self._transcripts({row["path"]: row["source"] for row in rows})}

    def _add_noise(self, clients: Clients, outputs: dict[str, str]) -> dict[str, Any]:
        """The output of `augment`."""
        s3, bucket = clients.s3, outputs["DataBucketName"]
        recipe = self._upload(clients, outputs)
        s3.upload_file(str(CLIPS), bucket, f"recipes/{CLIPS.name}")
        for clip in sorted(self._sounds.noise.rglob("*.wav")):
            s3.upload_file(str(clip), bucket, f"{BACKGROUNDS}{clip.relative_to(self._sounds.noise).as_posix()}")
        key = f"labels/{GIVEN}/as-told/{LABELS}"
        s3.put_object(Bucket=bucket, Key=key, Body=write_labels(self._told(bucket)).encode())
        given = {"labels_uri": f"s3://{bucket}/{key}", "recipe": recipe, "backgrounds": BACKGROUNDS, "seed": SEED}
        executions = Executions(clients.states)
        with self.stations.station("Add background noise", "noise") as station:
            started = executions.start(
                outputs["AugmentStateMachineArn"], "noise-1", {"dataset": GIVEN, "run_id": RUN_ID, **given}
            )
            noisy = executions.wait(started)
            station.say(self._published(noisy))
        return noisy

    def _told(self, bucket: str) -> list[LabelRow]:
        """The transcripts as they came along."""
        return [
            LabelRow(
                source=name,
                source_ref=f"s3://{bucket}/raw/{GIVEN}/{name}",
                status=LABELED,
                label="morse",
                labels=("morse",),
                transcript=text,
            )
            for name, text in self._sounds.transcripts.items()
        ]

    def _transcripts(self, sources: dict[str, str]) -> dict[str, int]:
        """Of the published version, held against what is right."""
        rows = load_lines((self._work / "dataset/manifest.jsonl").read_text("utf-8"), "manifest.jsonl")
        found = {row["path"]: (sources[f"data/{row['source']}"], row["transcript"]) for row in rows}
        answers = self._sounds.answers
        wrong = [path for path, (source, text) in found.items() if text != answers[source]]
        if wrong and not self._human:
            raise DemoError(f"{counted(len(wrong), 'transcript')} of the version are wrong, such as that of {wrong[0]}")
        mended = [source for source, _ in found.values() if self._sounds.transcripts[source] != answers[source]]
        return {"clips": len(found), "right": len(found) - len(wrong), "corrected": len(mended)}

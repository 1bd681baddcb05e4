"""Scripted workers on real jobs."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from localcloud.client.scripted_workers import ScriptedWorker, run_workers
from tests.localcloud.ground_truth.jobs import described, workers
from tests.localcloud.labeling import LABELS, PASSWORD, WORKERS


def test_an_answer_that_the_form_cannot_give_is_refused(cloud, start):
    name = start()
    worker = workers(cloud)[0]
    worker.sign_in()
    task = worker._post(f"/jobs/{name}/next")["task"]
    for answer in ({}, {"crowd-image-classifier": {"label": "maybe"}}, {"other": {"label": LABELS[0]}}):
        refused = worker._http.post(f"{task['path']}/submit", json=answer)
        assert refused.status_code == 400
        assert "crowd-image-classifier" in refused.json()["error"]
    assert worker._post(f"/jobs/{name}/next")["task"]["id"] == task["id"]


def test_workers_work_on_whatever_comes_until_they_are_told_to_stop(cloud, client, start, until):
    stop = threading.Event()
    counts: dict[str, Any] = {}
    thread = threading.Thread(target=lambda: counts.update(run_workers(workers(cloud), until=stop)))
    thread.start()
    try:
        names = [start(), start()]
        for name in names:
            until(lambda name=name: described(client, name)["LabelingJobStatus"], lambda status: status == "Completed")
    finally:
        stop.set()
        thread.join()
    assert all(count.jobs >= set(names) for count in counts.values())


def test_a_worker_without_an_answer_says_which_object_it_does_not_know(cloud, client, start, until):
    name = start()
    lost = ScriptedWorker(cloud.portal, WORKERS[0], PASSWORD, {}, seconds_per_task=0)
    with pytest.raises(Exception, match=r"ada@example.com does not know the answer for s3://labeling-\w+/raw/a b\.jpg"):
        run_workers([lost], name)
    client("sagemaker").stop_labeling_job(LabelingJobName=name)
    until(
        lambda: client("sagemaker").describe_labeling_job(LabelingJobName=name)["LabelingJobStatus"],
        lambda status: status == "Stopped",  # until then it still writes into the bucket
    )

from __future__ import annotations

from pathlib import Path

import pytest

from stacks.settings import Settings
from stacks.settings.loading import CONFIG, SettingsError, load_settings
from stacks.settings.processing import ProcessingSettings

TEAM = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/theirs"
CROWD = "arn:aws:sagemaker:us-east-1:394669845002:workteam/public-crowd/default"
DEV = (CONFIG / "dev.toml").read_text()


def load(tmp_path: Path, text: str) -> Settings:
    folder = tmp_path / "config"
    folder.mkdir(exist_ok=True)
    (folder / "dev.toml").write_text(text)
    return load_settings("dev", folder)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_stages_that_come_with_the_project_are_valid(stage: str) -> None:
    assert load_settings(stage).stage == stage


def test_settings_of_the_labeling_stand_in_for_those_of_the_stage_one_by_one(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "dev.toml").write_text(
        DEV.replace('backend = "portal"', 'backend = "portal"\npoint_in_time_recovery = true')
    )
    labeling = load_settings("dev", folder, labeling={"backend": "ground_truth"}).labeling
    assert (labeling.backend, labeling.point_in_time_recovery) == ("ground_truth", True)
    with pytest.raises(SettingsError, match=r"unknown setting labeling\.bakend"):
        load_settings("dev", folder, labeling={"bakend": "portal"})


def test_settings_cannot_be_changed_once_loaded() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings("dev").network.mode = "VpcOnly"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("mode =", "moed =", ["unknown setting network.moed", "Did you mean mode?", "config/dev.toml"]),
        ('"PublicInternetOnly"', '"VpcOnyl"', ["network.mode", "'VpcOnyl'", "Did you mean VpcOnly?", "PublicInternet"]),
        ("[workforce]", "[workfroce]", ["unknown setting workfroce", "Did you mean workforce?"]),
        ("query_seconds = 5", "", ["missing setting teardown.query_seconds"]),
        ("retain = false", 'retain = "no"', ["storage.retain = 'no'", "boolean"]),
        ("volume_gb = 30", "volume_gb = 0", ["processing.volume_gb = 0", "greater than or equal to 1"]),
        ("log_retention_days = 14", "log_retention_days = 13", ["log_retention_days = 13", "14"]),
        ('"worker-1@example.com"', '"worker-1"', ["workforce.workers[0] = 'worker-1'"]),
        ("[storage]", 'availability_zones = ["us-east-1a"]\n[storage]', ["network", "two different zones"]),
        ("[storage]", 'availability_zones = ["us-east-1"]\n[storage]', ["network.availability_zones[0] = 'us-east-1'"]),
        ("[workforce]", f'[workforce]\nworkteam_arn = "{TEAM}"', ["workforce.workteam_arn needs labeling.backend"]),
        ("[studio]", 'bucket_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1"\n[studio]', ["needs bucket"]),
        ("[studio]", 'bucket = "Their_Data"\n[studio]', ["storage.bucket = 'Their_Data'"]),
        ("[storage]", 'subnet_ids = ["subnet-0a1b2c3d"]\n[storage]', ["network: subnet_ids", "need vpc_id"]),
        ("[storage]", 'vpc_id = "vpc-0a1b2c3d"\n[storage]', ["network: vpc_id needs subnet_ids"]),
        (
            'egress = "none"',
            'egress = "nat"\nvpc_id = "vpc-0a1b2c3d"\nsubnet_ids = ["subnet-0a1b2c3d"]',
            ['network: vpc_id needs egress = "none"'],
        ),
        (
            "[storage]",
            'vpc_id = "vpc-0a1b2c3d"\nsubnet_ids = ["subnet-0a1b2c3d", "subnet-0a1b2c3d"]\n[storage]',
            ["network: vpc_id needs subnet_ids", "each once"],
        ),
        ("[studio]", '[studio]\ndomain = "none"', ["studio: user_profiles need domain", "'none'"]),
        ("[studio]", '[studio]\ndomain = "theirs"', ["studio.domain = 'theirs'"]),
        (
            "[workforce]",
            f'[workforce]\nenabled = false\nworkteam_arn = "{TEAM}"',
            ["workforce: enabled = false leaves"],
        ),
        (
            "[workforce]",
            '[workforce]\nworkteam_arn = "theirs"',
            ["workforce.workteam_arn = 'theirs'", "workteam/(private"],
        ),
        (
            "[workforce]",
            f'[workforce]\nworkteam_arn = "{CROWD}"',
            ["workforce.workteam_arn: arn:aws", "Mechanical Turk, closed", 'labeling.backend = "portal"'],
        ),
        ('expression = "rate', 'expresion = "rate', ["unknown setting schedules[0].expresion", "expression"]),
        ('auth = "IAM"', 'auth = "SSO"', ["studio", "'ml-engineer' needs sso_user"]),
        ('"PublicInternetOnly" #', '"VpcOnly" #', ["network", "VpcOnly", 'egress = "nat"']),
    ],
)
def test_a_wrong_setting_is_named_with_its_file_and_what_is_allowed(
    wrong: str, right: str, words: list[str], tmp_path: Path
) -> None:
    assert wrong in DEV
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, DEV.replace(wrong, right, 1))
    for word in words:
        assert word in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, DEV.replace("mode =", "moed =", 1))
    assert "unknown setting network.moed" in str(caught.value)
    assert "missing setting network.mode" in str(caught.value)


def test_an_unknown_stage_gets_the_stages_that_there_are() -> None:
    with pytest.raises(SettingsError, match=r"unknown stage 'deb'.*Did you mean dev\? Allowed: dev, prod"):
        load_settings("deb")


def test_broken_toml_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"config/dev.toml is not valid TOML: .*line 2"):
        load(tmp_path, "[network]\nmode = \n")


def test_iam_profiles_take_no_identity_center_user(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match='takes no sso_user under auth = "IAM"'):
        load(tmp_path, DEV.replace('name = "ml-engineer"', 'name = "ml-engineer"\nsso_user = "jane"'))


def test_a_stage_cannot_rename_itself(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "dev.toml").write_text(f'stage = "prod"\n{DEV}')
    assert load_settings("dev", folder).stage == "dev"


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minute)",
        "rate(15 minutes)",
        "rate(7 days)",
        "cron(0 6 ? * MON-FRI *)",
        "cron(0/15 * * * ? *)",
        "cron(30 22 L * ? 2027-2030)",
        "cron(0 0 ? JAN,JUL 2#1 *)",
        "cron(5 8 15W * ? *)",
    ],
)
def test_a_schedule_expression_that_aws_takes_is_taken(expression: str, tmp_path: Path) -> None:
    load(tmp_path, DEV.replace("rate(15 minutes)", expression))


@pytest.mark.parametrize(
    "expression",
    [
        "rate(5 bananas)",
        "rate(0 minutes)",
        "rate(1 minutes)",
        "rate(15 minute)",
        "rate(-1 hours)",
        "rate(1.5 hours)",
        "rate()",
        "at(2026-12-01T10:00:00)",
        "cron(0 6 * * MON-FRI *)",
        "cron(0 6 ? * ? *)",
        "cron(0 6 ? * MON-FRI)",
        "cron(every day)",
        "15 minutes",
    ],
)
def test_a_schedule_expression_that_aws_refuses_is_refused_at_synth(expression: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"schedules\[0\]\.expression"):
        load(tmp_path, DEV.replace("rate(15 minutes)", expression))


def test_a_schedule_brings_code_only_where_code_may_run(tmp_path: Path) -> None:
    named = DEV.replace('dataset = "lego-faces"', 'dataset = "lego-faces"\ncode = "code/my_steps.py"')
    with pytest.raises(SettingsError, match=r"schedules\[0\]\.code needs processing\.custom_code = true"):
        load(tmp_path, named)


def test_a_model_of_ones_own_is_run_only_where_learning_is_on(tmp_path: Path) -> None:
    assert not load_settings("dev").learning.enabled
    off = DEV.replace("[learning]", '[learning]\nmodel = "models/ours.onnx"')
    assert off != DEV
    with pytest.raises(SettingsError, match=r"learning: model needs enabled = true"):
        load(tmp_path, off)
    on = off.replace("enabled = false\n\n[operations]", "enabled = true\n\n[operations]")
    assert load(tmp_path, on).learning.model == "models/ours.onnx"
    with pytest.raises(SettingsError, match=r"learning\.model = 'raw/ours\.onnx'"):
        load(tmp_path, on.replace("models/ours", "raw/ours"))


def test_prod_as_shipped_names_nobody() -> None:
    """A profile would have to be in Identity Center, and everybody else would get mail."""
    prod = load_settings("prod")
    assert prod.studio.user_profiles == ()
    assert prod.workforce.workers == ()
    assert prod.operations.alarm_emails == ()


SERVER = 'label_studio_url = "https://label.example.com"\nlabel_studio_secret = "label-studio/token"'


@pytest.mark.parametrize(
    "server",
    [
        SERVER,
        SERVER.replace("https://label.example.com", "http://127.0.0.1:8080/labels"),
        f"{SERVER}\nlabel_studio_webhook = true",
        SERVER.replace("label-studio/token", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf"),
    ],
)
def test_a_label_studio_server_is_named_with_its_secret(server: str, tmp_path: Path) -> None:
    load(tmp_path, DEV.replace('backend = "portal"', f'backend = "label_studio"\n{server}', 1))


@pytest.mark.parametrize(
    ("backend", "server", "words"),
    [
        ("label_studio", "", ["labeling", "needs label_studio_url and label_studio_secret"]),
        ("label_studio", SERVER.splitlines()[0], ["needs label_studio_url and label_studio_secret"]),
        ("portal", SERVER, ["labeling", 'need backend = "label_studio"']),
        ("label_studio", SERVER.replace("https", "http"), ["labeling.label_studio_url = 'http://label.example.com'"]),
        ("label_studio", SERVER.replace("//label", "//me:hush@label"), ["labeling.label_studio_url"]),
        ("label_studio", SERVER.replace("studio/token", "studio/*"), ["labeling.label_studio_secret"]),
        ("portal", "label_studio_webhook = true", ["label_studio", "need backend"]),
        ("label_studio", f'{SERVER}\nlabel_studio_images = "s4"', ["label_studio_images = 's4'", "presigned, s3"]),
    ],
)
def test_a_label_studio_server_that_cannot_be_is_told(
    backend: str, server: str, words: list[str], tmp_path: Path
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, DEV.replace('backend = "portal"', f'backend = "{backend}"\n{server}', 1))
    for word in words:
        assert word in str(caught.value)


def test_by_itself_deploys_ground_truth_and_the_portal_and_a_server_that_is_named(tmp_path: Path) -> None:
    auto = DEV.replace('backend = "portal"', 'backend = "auto"', 1)
    settings = load(tmp_path, auto)
    assert settings.labeling.backends == ("ground_truth", "portal")
    assert (settings.in_portal, settings.own_workteam, settings.in_label_studio) == (True, True, False)
    settings = load(tmp_path, auto.replace('backend = "auto"', f'backend = "auto"\n{SERVER}', 1))
    assert settings.labeling.backends == ("ground_truth", "portal", "label_studio")
    assert settings.in_label_studio
    with pytest.raises(SettingsError, match="need each other"):
        load(tmp_path, auto.replace('= "auto"', '= "auto"\nlabel_studio_secret = "label-studio/token"', 1))


def test_a_given_workteam_may_be_a_vendors_and_has_people_of_its_own_unless_there_is_a_portal_too(
    tmp_path: Path,
) -> None:
    vendors = TEAM.replace("private-crowd", "vendor-crowd")
    given = DEV.replace("[workforce]", f'[workforce]\nworkteam_arn = "{vendors}"', 1)
    settings = load(tmp_path, given.replace('backend = "portal"', 'backend = "auto"', 1))
    assert (settings.workforce.workteam_arn, settings.own_workteam, settings.in_portal) == (vendors, False, True)
    with pytest.raises(SettingsError, match=r"workforce\.workers are invited into a workteam of our own"):
        load(tmp_path, given.replace('backend = "portal"', 'backend = "ground_truth"', 1))


def test_only_ground_truth_labels_by_a_model(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    load(tmp_path / "taken", DEV.replace('backend = "portal"', 'backend = "ground_truth"\nautomated = true', 1))
    with pytest.raises(SettingsError, match='automated = true needs backend = "ground_truth"'):
        load(tmp_path, DEV.replace('backend = "portal"', 'backend = "portal"\nautomated = true', 1))


@pytest.mark.parametrize(
    ("instance_type", "takes"),
    [("ml.m5.xlarge", True), ("ml.r5.large", True), ("ml.c7i.xlarge", True), ("ml.r5d.large", False)]
    + [(name, False) for name in ("ml.g4dn.xlarge", "ml.g5.xlarge", "ml.g6e.xlarge", "ml.p5.4xlarge", "ml.m6gd.large")],
)
def test_machines_with_disks_of_their_own_take_no_key(instance_type: str, takes: bool) -> None:
    assert ProcessingSettings(instance_type=instance_type).takes_volume_key == takes

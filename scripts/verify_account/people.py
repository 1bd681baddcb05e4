"""Who labels and who signs in: Ground Truth, its workforce, IAM Identity Center."""

from __future__ import annotations

from collections.abc import Iterator

from botocore.exceptions import ClientError

from adapters.aws_errors import error_code
from labelers.ground_truth.preflight import check_service
from scripts.verify_account.account import Account
from scripts.verify_account.finding import Finding, judged, note, ok, problem


def ground_truth(account: Account) -> Iterator[Finding]:
    if "ground_truth" not in account.stage.backends:
        yield note("Ground Truth", "the stage does not use it")
        return
    sagemaker = account.client("sagemaker")
    check = check_service(sagemaker)
    only = account.stage.backends == {"ground_truth"}
    yield ok(check.name, check.detail) if check.ok else (problem if only else note)(check.name, check.detail)
    if not check.ok:
        return
    pages = sagemaker.get_paginator("list_workforces").paginate()
    names = [one["WorkforceName"] for page in pages for one in page["Workforces"]]
    other = [name for name in names if name != f"kempelen-{account.stage.name}"]
    if other and not account.stage.setting("workforce", "workteam_arn"):
        yield problem(
            "workforce",
            "the account has one, and can have no other: set workforce.workteam_arn to a private workteam of it",
        )
    else:
        yield ok("workforce", f"{len(names)} in the account" if names else "none yet: the stage makes it")


def identity_center(account: Account) -> Iterator[Finding]:
    if account.stage.setting("studio", "auth") != "SSO":
        return
    instances = account.client("sso-admin").list_instances()["Instances"]
    if not instances:
        yield problem("Identity Center", 'is not on in this Region: turn it on, or set studio.auth = "IAM"')
        return
    yield ok("Identity Center", "is on")
    store = instances[0]["IdentityStoreId"]
    for number, profile in enumerate(account.stage.setting("studio", "user_profiles", [])):
        attribute = {"AttributePath": "userName", "AttributeValue": profile.get("sso_user", "")}
        try:
            account.client("identitystore").get_user_id(
                IdentityStoreId=store, AlternateIdentifier={"UniqueAttribute": attribute}
            )
            found = True
        except ClientError as error:
            if error_code(error) != "ResourceNotFoundException":
                raise
            found = False
        who = f"studio.user_profiles[{number}].sso_user"
        yield judged("Identity Center", found, f"{who} is there", f"{who} is not there: the deployment would fail")

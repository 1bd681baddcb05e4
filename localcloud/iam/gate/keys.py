"""What a caller's call asks of a key of KMS, where what it is about is encrypted with a key of the stage.

S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html; with a bucket key the context is the
bucket's ARN, else the object's. DynamoDB: at most every five minutes, on which nothing can rely, so always:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html. SNS and SQS: who publishes,
https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html. `kms:ViaService` is the service that asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ministack.services import dynamodb, s3, sns, sqs

from localcloud.iam.gate.calls import Call
from localcloud.iam.requests import ContextValue
from localcloud.sagemaker.store import ACCOUNT, REGION

Use = tuple[str, str, dict[str, ContextValue]]
"""Action, key, circumstances."""

_READS = {"GetObject", "GetObjectVersion"}
_WRITES = {"PutObject"}
_PUBLISHES = {("sns", "Publish"), ("sns", "PublishBatch"), ("sqs", "SendMessage"), ("sqs", "SendMessageBatch")}


def uses(call: Call) -> Iterator[Use]:
    if call.service == "s3" and call.params.get("Key"):
        yield from _of_objects(call)
    elif call.service == "dynamodb":
        for table in _tables(call):
            described = (dynamodb._tables.get(table.rsplit("/", 1)[-1]) or {}).get("SSEDescription") or {}
            if key := _own(described.get("KMSMasterKeyArn")):
                context = {"aws:dynamodb:tableName": table, "aws:dynamodb:subscriberId": ACCOUNT}
                yield _use("Decrypt", key, "dynamodb", context)
    elif (call.service, call.operation) in _PUBLISHES and (key := _queue_or_topic(call)):
        for action in ("GenerateDataKey", "Decrypt"):
            yield _use(action, key, call.service, {})


def key_of_bucket(bucket: str) -> tuple[str, bool]:
    """The ARN of its key, and whether it has a bucket key; the first is empty where S3's own key encrypts."""
    text = s3._bucket_encryption.get(bucket) or ""
    found = re.search(r"<KMSMasterKeyID>([^<]+)</KMSMasterKeyID>", text)
    return (_own(found[1]) if found else ""), "<BucketKeyEnabled>true</BucketKeyEnabled>" in text


def _of_objects(call: Call) -> Iterator[Use]:
    """The parts of a multipart upload and its end decrypt the data key that its begin has made."""
    bucket = call.params["Bucket"]
    key, by_bucket = key_of_bucket(bucket)
    on = f"arn:aws:s3:::{bucket}" if by_bucket else f"arn:aws:s3:::{bucket}/{call.params['Key']}"
    if key and call.operation in _READS | _WRITES:
        actions = ["Decrypt"] if call.operation in _READS else ["GenerateDataKey"]
        actions += ["Decrypt"] if call.operation in _WRITES and {"uploads", "uploadId"} & call.params.keys() else []
        for action in actions:
            yield _use(action, key, "s3", {"aws:s3:arn": on})


def _use(action: str, key: str, service: str, context: dict[str, str]) -> Use:
    keys: dict[str, ContextValue] = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
    return f"kms:{action}", key, {"kms:ViaService": f"{service}.{REGION}.amazonaws.com", **keys}


def _tables(call: Call) -> set[str]:
    given = call.params
    parts = [content for item in given.get("TransactItems") or [] for content in item.values()]
    names = [given.get("TableName"), *(given.get("RequestItems") or {}), *(part.get("TableName") for part in parts)]
    return {name for name in names if name}


def _queue_or_topic(call: Call) -> str:
    if call.service == "sns":
        topic = sns._topics.get(call.params.get("TopicArn", "")) or {}
        key = (topic.get("attributes") or {}).get("KmsMasterKeyId")
    else:
        queue = sqs._queue_by_arn(_queue_arn(str(call.params.get("QueueUrl", "")))) or {}
        key = (queue.get("attributes") or {}).get("KmsMasterKeyId")
    return _own(key)


def _queue_arn(url: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{url.rsplit('/', 1)[-1]}"


def _own(key: object) -> str:
    """The ARN; empty for AWS's own keys, whose policies let all of the account's callers in."""
    return "" if not key or "alias/aws/" in str(key) else _arn(str(key))


def _arn(key: str) -> str:
    return key if key.startswith("arn:") else f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{key}"

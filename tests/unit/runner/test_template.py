"""The template: what is read from it, and what is refused by name."""

import pytest
import yaml

from runner.folder import new_secrets
from runner.settings import STAND_INS, defaults
from runner.template import PATH, Template, UnresolvedTemplate

SMALL = """
Parameters:
  DatabaseUrl: {Type: String}
  Place: {Type: String, Default: here, AllowedValues: [here, there]}
Globals:
  Function:
    Timeout: 29
    Environment: {Variables: {PLACE: !Ref Place, STACK: !Ref AWS::StackName}}
Resources:
  Table: {Type: "AWS::DynamoDB::Table"}
  Secrets: {Type: "AWS::IAM::Policy", Properties: {Roles: [!Ref ScannerRole]}}
  Scanner:
    Type: AWS::Serverless::Function
    Properties:
      Handler: functions.publishing.scanner.handler
      Timeout: 90
      Environment: {Variables: {DATABASE_URL: !Ref DatabaseUrl, SIZE: 3}}
      Events:
        Tick: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 minute)}}
"""


def test_function_has_its_own_and_the_common_settings() -> None:
    (function,) = Template(SMALL, {"DATABASE_URL": "postgresql://x"}).functions
    assert function.environment == {
        "PLACE": "here",
        "STACK": "luxaris",
        "DATABASE_URL": "postgresql://x",
        "SIZE": "3",
    }
    assert function.timeout == 90
    assert function.module == "functions.publishing.scanner"
    assert [each.kind for each in function.triggers] == ["ScheduleV2"]


@pytest.mark.parametrize(
    ("text", "instead", "named"),
    [
        ("!Ref DatabaseUrl", "!Ref Databse", "DATABASE_URL: there is nothing named Databse"),
        ("!Ref ScannerRole", "!Ref TableRole", "there is nothing named TableRole"),
        ("!Ref AWS::StackName", "!Ref AWS::StackId", "STACK: there is no parameter AWS::StackId"),
        ("!Ref DatabaseUrl", "!Sub x", "Scanner.DATABASE_URL: !Sub"),
        ("Default: here", "Default: nowhere", "PLACE must be one of here, there"),
        ("ScheduleV2", "SNS", "Scanner.Tick: the runner knows no trigger of type SNS"),
        ("ScheduleV2", "S3", "the runner does not understand S3.ScheduleExpression"),
        ("{ScheduleExpression:", "{Input: x, ScheduleExpression:", "ScheduleV2.Input"),
        ("ScheduleExpression: rate(1 minute)", "", "ScheduleV2 needs ScheduleExpression"),
        ("Handler:", "Hendler:", "Scanner has no Handler"),
        ("Resources:", "Resurces:", "Resources"),
        ("Timeout: 90", "Timeout: soon", "Scanner.Timeout"),
        ("Timeout: 90", "Timeout: -1", "Scanner.Timeout"),
        ("Parameters:", "Parameters: [", "not YAML"),
    ],
)
def test_what_cannot_be_resolved_is_refused_by_name(text: str, instead: str, named: str) -> None:
    assert text in SMALL
    with pytest.raises(UnresolvedTemplate) as refusal:
        _ = Template(SMALL.replace(text, instead), {"DATABASE_URL": "postgresql://x"}).functions
    assert named in str(refusal.value)


def test_missing_parameter_names_the_variable_to_set() -> None:
    with pytest.raises(UnresolvedTemplate, match="set DATABASE_URL"):
        _ = Template(SMALL, {}).functions


def test_product_template_has_the_functions_that_are_written_in_it() -> None:
    settings = dict.fromkeys([*STAND_INS, *new_secrets()], "") | defaults({})
    template = Template(PATH.read_text(), settings)
    written = [
        event["value"]
        for event in map(vars, yaml.scan(PATH.read_text()))
        if str(event.get("value", "")).endswith(".handler")
    ]
    assert [function.handler for function in template.functions] == written

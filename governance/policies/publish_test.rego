# Each rule of publish.rego fails when it must, and only then.
package governance.publish_test

import data.governance.publish
import rego.v1

sound := {
	"status": "active",
	"team": {"name": "Fintech team", "members": [{"username": "a@example.org", "role": "owner"}]},
	"roles": [{"role": "analyst"}],
	"servers": [{"server": "lake"}],
	"schema": [{"properties": [
		{"name": "patient_key", "classification": "quasi"},
		{"name": "amount", "classification": "none"},
	]}],
	"slaProperties": [
		{"property": "retention", "value": 10},
		{"property": "freshness", "value": 24},
	],
}

roles := {"analyst": {"kind": "bi"}, "reader": {"kind": "public"}}

storage := {"lake": {"at_rest": "server", "in_transit": "tls"}}

codes(contract, stored) := sort([each.code |
	some each in publish.findings with input as {"contract": contract, "roles": roles, "storage": stored}
])

test_a_sound_contract_passes if {
	codes(sound, storage) == []
}

test_a_draft_is_left_alone if {
	codes({"status": "draft", "schema": [{"properties": [{"name": "a"}]}]}, {}) == []
}

test_a_column_without_a_class_is_found if {
	codes(object.union(sound, {"schema": [{"properties": [{"name": "a"}]}]}), storage) == ["P101"]
}

test_a_class_that_does_not_exist_is_found if {
	one := [{"properties": [{"name": "a", "classification": "secret"}]}]
	codes(object.union(sound, {"schema": one}), storage) == ["P101"]
}

test_direct_identifiers_and_free_text_are_found if {
	two := [{"properties": [
		{"name": "ssn", "classification": "direct"},
		{"name": "note", "classification": "free_text"},
	]}]
	codes(object.union(sound, {"schema": two}), storage) == ["P102", "P102"]
}

test_a_missing_owner_is_found if {
	codes(object.remove(sound, ["team"]), storage) == ["P103"]
	nobody := {"team": {"name": "Fintech team", "members": [{"username": "a", "role": "reader"}]}}
	codes(object.union(object.remove(sound, ["team"]), nobody), storage) == ["P103"]
}

test_missing_retention_and_freshness_are_found if {
	codes(object.union(sound, {"slaProperties": []}), storage) == ["P104", "P105"]
	codes(object.remove(sound, ["slaProperties"]), storage) == ["P104", "P105"]
	zero := [{"property": "retention", "value": 0}, {"property": "freshness", "value": 1}]
	codes(object.union(sound, {"slaProperties": zero}), storage) == ["P104"]
}

test_storage_that_does_not_encrypt_is_found if {
	codes(sound, {}) == ["P106"]
	codes(sound, {"lake": {"at_rest": "none", "in_transit": "tls"}}) == ["P106"]
	codes(sound, {"lake": {"at_rest": "server", "in_transit": "none"}}) == ["P106"]
	codes(object.remove(sound, ["servers"]), storage) == ["P106"]
}

test_figures_may_lie_anywhere if {
	figures := {"schema": [{"properties": [{"name": "amount", "classification": "none"}]}]}
	codes(object.union(sound, figures), {}) == []
}

test_rows_of_people_for_the_public_are_found if {
	codes(object.union(sound, {"roles": [{"role": "reader"}]}), storage) == ["P107"]
}

# What has to be true of a contract before its product may be published.
#
# `./mesh check policies` gives each contract as `input.contract`, access/roles.yml as `input.roles`
# and governance/storage.yml as `input.storage`, and prints what `findings` holds.
package governance.publish

import rego.v1

classes := {"none", "technical", "quasi", "sensitive", "free_text", "direct"}

personal := {"quasi", "sensitive", "free_text", "direct"}

never_published := {"free_text", "direct"}

encrypted := {"disk", "server", "client"}

# A draft is nobody's yet.
is_published if {
	input.contract.status in {"active", "deprecated"}
}

columns contains {"path": ["schema", i, "properties", j], "column": column} if {
	some i, table in input.contract.schema
	some j, column in table.properties
}

holds_people if {
	some each in columns
	each.column.classification in personal
}

finding(code, path, found, expected, hint) := {
	"code": code,
	"path": path,
	"found": found,
	"expected": expected,
	"hint": hint,
}

findings contains finding(
	"P101",
	each.path,
	sprintf("column %s says nothing about personal data", [each.column.name]),
	"classification: none, technical, quasi, sensitive, free_text or direct",
	"docs/concepts/access.md tells the classes apart",
) if {
	is_published
	some each in columns
	not object.get(each.column, "classification", "") in classes
}

findings contains finding(
	"P102",
	array.concat(each.path, ["classification"]),
	sprintf("column %s is %s and would be published", [each.column.name, each.column.classification]),
	"no direct identifier and no free text in a product",
	"mask it in the model, or leave it out",
) if {
	is_published
	some each in columns
	each.column.classification in never_published
}

findings contains finding(
	"P103",
	["team"],
	"nobody owns the product",
	"a team with a name, and a member with the role owner",
	"consumers have to know whom to ask",
) if {
	is_published
	not has_owner
}

has_owner if {
	input.contract.team.name != ""
	some member in input.contract.team.members
	member.role == "owner"
	member.username != ""
}

findings contains finding(
	"P104",
	["slaProperties"],
	"it is not said how long the data is kept",
	"a service level retention with a value above 0",
	"what is kept without end cannot be justified",
) if {
	is_published
	not has_level("retention")
}

findings contains finding(
	"P105",
	["slaProperties"],
	"it is not said how fresh the data is",
	"a service level freshness with a value above 0",
	"a product promises when it was last true",
) if {
	is_published
	not has_level("freshness")
}

has_level(name) if {
	some level in input.contract.slaProperties
	level.property == name
	level.value > 0
}

findings contains finding(
	"P106",
	["servers", i],
	sprintf("server %s is not known to encrypt what it stores and sends", [server.server]),
	"at_rest and in_transit of the server in governance/storage.yml",
	"data of people is published on encrypted storage only",
) if {
	is_published
	holds_people
	some i, server in input.contract.servers
	not is_encrypted(server.server)
}

findings contains finding(
	"P106",
	[],
	"no server is named, so it is not known where the data lies",
	"servers with an entry in governance/storage.yml",
	"data of people is published on encrypted storage only",
) if {
	is_published
	holds_people
	count(object.get(input.contract, "servers", [])) == 0
}

is_encrypted(server) if {
	input.storage[server].at_rest in encrypted
	input.storage[server].in_transit == "tls"
}

findings contains finding(
	"P107",
	["roles", i],
	sprintf("rows of people are given to %s, which is outside of the company", [role.role]),
	"products without personal columns for partners and the public",
	"publish figures of groups of eleven and more instead",
) if {
	is_published
	holds_people
	some i, role in input.contract.roles
	input.roles[role.role].kind in {"partner", "public"}
}

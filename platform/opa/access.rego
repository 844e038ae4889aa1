# Answers Trino's OPA plugin from platform/rendered/opa/data.json, which `./mesh access render`
# writes from access/ and the contracts. What no rule below allows is refused.
#
#   opa.policy.uri                       …/v1/data/mesh/access/allow
#   opa.policy.batched-uri               …/v1/data/mesh/access/batch
#   opa.policy.row-filters-uri           …/v1/data/mesh/access/row_filters
#   opa.policy.batch-column-masking-uri  …/v1/data/mesh/access/batch_column_masks
#
# All four have to be set: an engine without the last two neither filters nor masks.
package mesh.access

import rego.v1

default allow := false

policy := data.access

identity := input.context.identity

operation := input.action.operation

resource := input.action.resource

is_service if {
	identity.user == policy.service_account
}

# The roles of whoever asks: the account's own name, or the groups it is in.
roles contains identity.user if {
	policy.identity == "user"
	policy.roles[identity.user]
}

roles contains group if {
	policy.identity == "group"
	some group in identity.groups
	policy.roles[group]
}

# --- The service account builds and publishes. Closed to it is only acting as somebody else, and
# changing by a statement what is published, which moves by publish and rollback alone.

allow if {
	is_service
	operation != "ImpersonateUser"
	not owns_published
}

owns_published if {
	not operation in reading_operations
	published_object.catalogName == policy.catalog
}

published_object := resource.table

published_object := resource.schema

reading_operations := {
	"CreateViewWithSelectFromColumns",
	"FilterColumns",
	"FilterFunctions",
	"FilterSchemas",
	"FilterTables",
	"FilterViews",
	"SelectFromColumns",
	"ShowColumns",
	"ShowFunctions",
	"ShowTables",
}

# --- Queries

allow if {
	operation == "ExecuteQuery"
	count(roles) > 0
}

own_query_operations := {"ViewQueryOwnedBy", "FilterViewQueryOwnedBy", "KillQueryOwnedBy"}

allow if {
	operation in own_query_operations
	count(roles) > 0
	resource.user.user == identity.user
}

allow if {
	operation in own_query_operations
	is_operator
}

allow if {
	operation == "ReadSystemInformation"
	is_operator
}

is_operator if {
	some role in roles
	policy.roles[role].operator
}

allow if {
	operation == "SetSystemSessionProperty"
	count(roles) > 0
	resource.systemSessionProperty.name in policy.session_properties
}

# --- Catalogs and schemas

readable_catalogs contains "system" if {
	count(roles) > 0
}

readable_catalogs contains policy.catalog if {
	count(roles) > 0
}

allow if {
	operation == "AccessCatalog"
	resource.catalog.name in readable_catalogs
}

allow if {
	operation in {"FilterCatalogs", "ShowSchemas"}
	has_tables(resource.catalog.name)
}

has_tables("system") if {
	count(roles) > 0
}

has_tables(catalog) if {
	catalog == policy.catalog
	some role in roles
	count(policy.roles[role].tables) > 0
}

allow if {
	operation in {"FilterSchemas", "ShowTables", "ShowFunctions"}
	has_schema(resource.schema.catalogName, resource.schema.schemaName)
}

has_schema("system", schema) if {
	some role in roles
	policy.roles[role].system[schema]
}

has_schema(catalog, schema) if {
	catalog == policy.catalog
	some role in roles
	policy.roles[role].tables[schema]
}

# --- Tables

allow if {
	operation in {"FilterTables", "ShowColumns"}
	shows_table(resource.table)
}

shows_table(table) if {
	table.schemaName == "information_schema"
	table.catalogName in readable_catalogs
}

shows_table(table) if {
	is_system_table(table)
}

shows_table(table) if {
	table.catalogName == policy.catalog
	some role in roles
	policy.roles[role].tables[table.schemaName][table.tableName]
}

is_system_table(table) if {
	table.catalogName == "system"
	some role in roles
	table.tableName in policy.roles[role].system[table.schemaName]
}

allow if {
	operation in {"SelectFromColumns", "FilterColumns"}
	may_select(resource.table, object.get(resource.table, "columns", []))
}

may_select(table, _) if {
	table.schemaName == "information_schema"
	table.catalogName in readable_catalogs
}

may_select(table, _) if {
	is_system_table(table)
}

# The role whose masks and rows count is the one that has to allow all of the columns: what two
# roles allow is not put together.
may_select(table, columns) if {
	grant := granted(reading(table), table)
	every column in columns {
		shows_column(grant, column)
	}
}

granted(role, table) := policy.roles[role].tables[table.schemaName][table.tableName] if {
	table.catalogName == policy.catalog
}

# Beside its own columns a table has some that tell of its files, such as `$path`.
shows_column(grant, column) if {
	grant.any_column
	not startswith(column, "$")
}

shows_column(grant, column) if {
	column in grant.clear
}

shows_column(grant, column) if {
	grant.masked[column]
}

# --- What many names are filtered by at once

batch contains index if {
	operation != "FilterColumns"
	some index, each in input.action.filterResources
	allow with input.action.resource as each
}

batch contains index if {
	operation == "FilterColumns"
	table := input.action.filterResources[0].table
	some index, column in table.columns
	one := object.union(table, {"columns": [column]})
	allow with input.action.resource as {"table": one}
}

# --- Rows and masks: those of the first role by name that reads the table

reading(table) := sort([role | some role in roles; granted(role, table)])[0]

row_filters contains {"expression": grant.keep} if {
	not is_service
	table := resource.table
	grant := granted(reading(table), table)
	grant.keep
}

mask_of(column) := granted(reading(column), column).masked[column.columnName] if {
	not is_service
}

column_mask := {"expression": mask_of(resource.column)}

batch_column_masks contains mask if {
	some index, each in input.action.filterResources
	mask := {"index": index, "viewExpression": {"expression": mask_of(each.column)}}
}

/** The texts about changed resources, which few views need. */
export const texts = {
  title: "Changed resources",
  action: "Action",
  address: "Resource",
  actions: { delete: "Delete", replace: "Replace", update: "Update", create: "Create" },
  all: count => `Show all ${count.toLocaleString("en")}`,
  truncated: "The reporter left out some changes.",
  deletedAtLeast: "Deleted resources, at least",
  deletedAtLeastHint: "Only runs that delete or replace at least this many. Leave blank to receive all.",
  changedAtLeast: "Updated resources, at least",
  changedAtLeastHint: "Only runs that update at least this many. Leave blank to receive all.",
  resources: "Resources",
  resourcesHint: `
    One pattern of a type or an address per line, for example aws_db_instance or destroy:module.db.*. * matches any
    characters; create:, update:, delete:, replace: or destroy: before it chooses an action. Needs a list of changes in
    the report.
  `,
  includeChanges: "Changed resources in Runhook's payload",
  includeOptions: { false: "Leave out", true: "Include" },
};

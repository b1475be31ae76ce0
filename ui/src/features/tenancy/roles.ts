import { ROLES, type Role } from "@/api/session";

export const ABOUT: Record<Role, string> = {
	guest: "Reads the reports that were shared",
	viewer: "Reads everything",
	outreach: "Writes to people",
	analyst: "Edits brands, feeds and reports, and judges mentions",
	admin: "Looks after members, keys and schedules",
	owner: "May do everything",
};

export const ROLE_NAMES: Record<Role, string> = {
	guest: "Guest",
	viewer: "Viewer",
	outreach: "Outreach",
	analyst: "Analyst",
	admin: "Admin",
	owner: "Owner",
};

/** Nobody can give a role above their own. */
export function rolesUpTo(own: Role): Role[] {
	return ROLES.slice(0, ROLES.indexOf(own) + 1);
}

export const roleChoices = (own: Role) =>
	rolesUpTo(own).map((value) => ({ value, label: ROLE_NAMES[value] }));

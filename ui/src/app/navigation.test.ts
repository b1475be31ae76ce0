import { expect, test } from "vitest";
import type { Role } from "@/api/session";
import { placesFor } from "./navigation";

const labels = (role: Role, operator = false) =>
	placesFor(role, operator).flatMap(({ items }) => items.map(({ label }) => label));

test("nobody is shown a place that their role does not open", () => {
	expect(labels("guest")).toEqual(["Reports", "Notifications", "Settings"]);
	expect(labels("viewer")).toContain("Stories");
	expect(labels("viewer")).not.toContain("Logs");
	expect(labels("admin")).toContain("Logs");
	expect(labels("owner")).not.toContain("Providers");
	expect(labels("owner", true)).toContain("Providers");
});

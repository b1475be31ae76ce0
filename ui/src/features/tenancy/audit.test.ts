import { expect, it } from "vitest";
import { inFacts, inWords, plain } from "./AuditTab";

it("names what was done in words, however the program writes it", () => {
	expect(inWords("members.role-changed")).toBe("Members: role changed");
	expect(inWords("ads.exchange_rates_imported")).toBe("Ads: exchange rates imported");
});

it("writes a fact as one would say it, and leaves a name as somebody gave it", () => {
	expect(plain(true)).toBe("yes");
	expect(plain("system_user")).toBe("system user");
	expect(plain(["act_1015", "TAL_DE_TEST_03"])).toBe("act_1015, TAL_DE_TEST_03");
	expect(plain([])).toBe("none");
	expect(plain(null)).toBe("none");
});

it("says who got which role in the place of which, and leaves numbers to programs", () => {
	const facts = {
		role: "viewer",
		email: "ada@acme.example",
		user_id: "01a22544-5151-7cfe-84d9-d15298a18b74",
		role_before: "admin",
	};
	expect(inFacts(facts)).toBe("role: viewer · email: ada@acme.example · role before: admin");
});

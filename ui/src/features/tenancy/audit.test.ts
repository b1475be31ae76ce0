import { expect, it } from "vitest";
import { inWords, plain } from "./AuditTab";

it("names what was done in words, however the program writes it", () => {
	expect(inWords("members.role-changed")).toBe("Members: role changed");
	expect(inWords("ads.exchange_rates_imported")).toBe("Ads: exchange rates imported");
});

it("writes a fact as one would say it, and leaves a name as somebody gave it", () => {
	expect(plain(true)).toBe("yes");
	expect(plain("system_user")).toBe("system user");
	expect(plain(["act_1015", "TAL_DE_TEST_03"])).toBe("act_1015, TAL_DE_TEST_03");
	expect(plain([])).toBe("none");
});

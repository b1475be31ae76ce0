import { QueryClient } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { listBrands, readSetup } from "./generated/sdk.gen";
import type { SessionOut } from "./generated/types.gen";
import {
	enter,
	hasSessionEnded,
	hearAnswer,
	hearFailure,
	isElsewhere,
	leaveSession,
	meantFor,
	sessionOptions,
} from "./session";

test("a session has ended when the server does not know who asks, until it answers again", () => {
	hearFailure({ title: "The disk is full", status: 507, code: "core/storage-full" });
	// Somebody mistypes a password: that is no end of a session.
	hearFailure({ title: "Wrong", status: 401, code: "identity/wrong-credentials" });
	expect(hasSessionEnded()).toBe(false);
	hearFailure({ title: "You are not signed in.", status: 401, code: "identity/not-signed-in" });
	expect(hasSessionEnded()).toBe(true);
	hearAnswer();
	expect(hasSessionEnded()).toBe(false);
});

test("what a tab sends says for which organization it is meant: the one that it shows", async () => {
	const sent: (string | null)[] = [];
	vi.stubGlobal("fetch", async (request: Request) => {
		sent.push(request.headers.get("Brandhound-Organization"));
		return Response.json({});
	});
	const session = (organization: string | null) =>
		({ user: { id: "ada" }, organization: organization && { id: organization } }) as SessionOut;
	const queries = new QueryClient();
	await readSetup();
	for (const organization of ["acme", "zeta", null]) {
		queries.setQueryData(["of the one before"], "rows");
		enter(queries, session(organization));
		expect(queries.getQueryData(sessionOptions.queryKey)).toEqual(session(organization));
		expect(queries.getQueryData(["of the one before"])).toBeUndefined();
		await listBrands();
	}
	expect(sent).toEqual([null, "acme", "zeta", null]);
	expect(meantFor()).toEqual({});
});

test("a tab of an organization that was left begins anew once, and whoever stays is asked no more", () => {
	const assign = vi.fn();
	vi.stubGlobal("location", { assign });
	const left = { title: "You are not in that organization.", status: 409, code: "tenancy/organization-left" };
	for (let asked = 0; asked < 3; asked += 1) hearFailure(left);
	// What is asked without an organization is answered as ever.
	hearAnswer();
	expect(isElsewhere()).toBe(true);
	expect(assign.mock.calls).toEqual([["/"]]);
	enter(new QueryClient(), { user: { id: "ada" }, organization: { id: "zeta" } } as SessionOut);
	expect(isElsewhere()).toBe(false);
});

test("whoever signs out, signs in or goes to another organization tells the other tabs", async () => {
	const heard: unknown[] = [];
	const channel = new BroadcastChannel("brandhound.organization-left");
	channel.onmessage = ({ data }) => heard.push(data);
	enter(new QueryClient(), { user: { id: "ada" }, organization: { id: "acme" } } as SessionOut);
	leaveSession();
	await vi.waitFor(() => expect(heard).toEqual([{ user: "ada", organization: "acme" }, null]));
	channel.close();
});

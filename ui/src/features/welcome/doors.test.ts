import { QueryClient } from "@tanstack/react-query";
import { isRedirect } from "@tanstack/react-router";
import { expect, test } from "vitest";
import { listBrandsQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { type Role, sessionOptions } from "@/api/session";
import { Route as Index } from "@/routes/_app.index";
import { Route as Welcome } from "@/routes/_app.welcome";

/** Where a page leads somebody of a role in an organization without a brand, if not to itself. */
async function led(route: typeof Welcome | typeof Index, role: Role) {
	const queryClient = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
	queryClient.setQueryData(sessionOptions.queryKey, { organization: { role } } as never);
	queryClient.setQueryData(listBrandsQueryKey(), { items: [] } as never);
	try {
		await route.options.beforeLoad?.({ context: { queryClient } } as never);
	} catch (error) {
		if (isRedirect(error)) return error.options.to;
		throw error;
	}
}

test("the first steps are for those who may take them", async () => {
	for (const role of ["viewer", "outreach"] as const) {
		expect(await led(Welcome, role)).toBe("/");
		expect(await led(Index, role)).toBe("/stories");
	}
	for (const role of ["analyst", "admin", "owner"] as const) {
		expect(await led(Welcome, role)).toBeUndefined();
		expect(await led(Index, role)).toBe("/welcome");
	}
	expect(await led(Welcome, "guest")).toBe("/");
	expect(await led(Index, "guest")).toBe("/reports");
});

import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ProviderOut } from "@/api/generated/types.gen";
import { runsThatWait } from "./words";

/** How much work waits for a provider, and the way to it. */
export function Waiting({ provider }: { provider: ProviderOut }) {
	if (provider.parked === 0) return null;
	return (
		<Anchor
			renderRoot={(props) => <Link {...props} to="/jobs" search={{ state: "waiting" }} />}
			size="sm"
			onClick={(event) => event.stopPropagation()}
		>
			{runsThatWait(provider.parked)}
		</Anchor>
	);
}

import { Badge } from "@mantine/core";
import type { AdAccountOut, LinkOut } from "@/api/generated/types.gen";

type Status = LinkOut["status"];

const STATUSES: Record<Status, { label: string; color: string }> = {
	connected: { label: "Connected", color: "green" },
	expiring: { label: "Ends soon", color: "yellow" },
	needs_you: { label: "Needs you", color: "red" },
	revoked: { label: "Revoked", color: "red" },
	disconnected: { label: "Disconnected", color: "gray" },
};
/** The worst first: one that cannot be read says more than one that can. */
const ORDER: Status[] = ["revoked", "needs_you", "expiring", "disconnected", "connected"];

export function LinkStatus({ link }: { link: Pick<LinkOut, "status" | "expires_in_days" | "auth_method"> }) {
	const { label, color } = STATUSES[link.status];
	if (link.auth_method === "file") return <Badge color="gray">Imported</Badge>;
	return (
		<Badge color={color}>
			{link.status === "expiring" && link.expires_in_days !== null ? left(link.expires_in_days) : label}
		</Badge>
	);
}

/** The connection that says most about an account. */
export function telling({ brands }: AdAccountOut): LinkOut | undefined {
	return [...brands].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status))[0];
}

/** Whether somebody has to do something. */
export function isIll({ brands }: AdAccountOut): boolean {
	return brands.some(({ status }) => status === "needs_you" || status === "revoked");
}

function left(days: number): string {
	return days <= 1 ? "Ends in a day" : `Ends in ${days} days`;
}

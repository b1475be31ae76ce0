import { Button, type ButtonProps } from "@mantine/core";
import { RotateCw } from "lucide-react";
import type { BreakerOut } from "@/api/generated/types.gen";
import { useTryNow } from "./queries";

type Props = Omit<ButtonProps, "onClick" | "loading"> & { breaker: BreakerOut };

/** Lets one call through. What it finds is seen a moment later, in the list. */
export function TryNow({ breaker, ...button }: Props) {
	const tryNow = useTryNow();
	if (breaker.state === "closed") return null;
	return (
		<Button
			variant="default"
			leftSection={<RotateCw size={14} />}
			aria-label={`Try now: ${breaker.title}`}
			{...button}
			loading={tryNow.isPending}
			disabled={breaker.state === "half_open"}
			onClick={(event) => {
				event.stopPropagation();
				tryNow.mutate({ path: { breaker_id: breaker.id } });
			}}
		>
			Try now
		</Button>
	);
}

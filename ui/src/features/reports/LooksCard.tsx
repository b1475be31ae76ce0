import { Button, Text } from "@mantine/core";
import { Palette } from "lucide-react";
import { useCan } from "@/api/session";
import classes from "./Templates.module.css";
import { useBranding } from "./templates";

/** How reports look, in short. */
export function LooksCard({ onOpen }: { onOpen: () => void }) {
	const branding = useBranding();
	const may = useCan("admin");
	if (!branding.data) return null;
	const { is_set, color, footer, logo_sha256 } = branding.data;
	return (
		<section className={classes.looks} aria-label="How reports look">
			{logo_sha256 ? (
				<img className={classes.logo} src={`/api/reports/branding/logo?${logo_sha256}`} alt="Your logo" />
			) : (
				<span className={classes.swatch} style={{ background: color }} aria-hidden />
			)}
			<div className={classes.looksWords}>
				<Text size="sm" fw={600}>
					{is_set ? "Reports wear your looks" : "Reports look as they come"}
				</Text>
				<Text size="xs" c="dimmed" truncate>
					{is_set
						? [color, footer].filter(Boolean).join(" · ")
						: "Put your logo, your colour and a line on them"}
				</Text>
			</div>
			<Button
				variant="default"
				size="xs"
				leftSection={<Palette size={14} />}
				onClick={onOpen}
				data-keeps-panel
			>
				{may ? "Change the looks" : "See the looks"}
			</Button>
		</section>
	);
}

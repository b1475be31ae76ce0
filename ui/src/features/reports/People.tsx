import { Button, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Users } from "lucide-react";
import type { ReportDocument } from "@/api/generated/types.gen";
import { useCan } from "@/api/session";

/** From a report to who writes about its brands. */
export function People({ document: { brands } }: { document: Pick<ReportDocument, "brands"> }) {
	const may = useCan("viewer");
	const subjects = brands.filter(({ subject }) => subject);
	const [only] = subjects;
	if (!only || !may) return null;
	if (subjects.length === 1) {
		return (
			<Button
				variant="default"
				leftSection={<Users size={16} />}
				renderRoot={(props) => <Link to="/brands" search={{ brand: only.id, tab: "people" }} {...props} />}
			>
				People
			</Button>
		);
	}
	return (
		<Menu position="bottom-end" shadow="md">
			<Menu.Target>
				<Button variant="default" leftSection={<Users size={16} />}>
					People
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				<Menu.Label>Who writes about</Menu.Label>
				{subjects.map(({ id, name }) => (
					<Menu.Item
						key={id}
						renderRoot={(props) => <Link to="/brands" search={{ brand: id, tab: "people" }} {...props} />}
					>
						{name}
					</Menu.Item>
				))}
			</Menu.Dropdown>
		</Menu>
	);
}

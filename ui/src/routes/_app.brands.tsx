import { createFileRoute } from "@tanstack/react-router";
import { BrandsPage } from "@/features/brands/BrandsPage";
import { text } from "./-search";

export const Route = createFileRoute("/_app/brands")({
	validateSearch: (search: Record<string, unknown>) => text(search, "brand"),
	component: Brands,
});

function Brands() {
	const { brand } = Route.useSearch();
	const navigate = Route.useNavigate();
	return (
		<BrandsPage
			open={brand}
			onOpen={(id) =>
				navigate({
					search: (old) => ({ ...old, brand: id }),
					replace: brand !== undefined,
					resetScroll: false,
				})
			}
		/>
	);
}

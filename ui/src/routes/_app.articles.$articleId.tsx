import { createFileRoute, useCanGoBack, useRouter } from "@tanstack/react-router";
import { ArticlePage } from "@/features/mentions/ArticlePage";
import { text } from "./-search";

export const Route = createFileRoute("/_app/articles/$articleId")({
	validateSearch: (search: Record<string, unknown>) => text(search, "mention"),
	component: Article,
});

function Article() {
	const { articleId } = Route.useParams();
	const { mention } = Route.useSearch();
	const navigate = Route.useNavigate();
	const router = useRouter();
	const canGoBack = useCanGoBack();
	return (
		<ArticlePage
			key={articleId}
			id={articleId}
			mention={mention}
			onBack={() => (canGoBack ? router.history.back() : navigate({ to: "/stories" }))}
			onStory={(story) => navigate({ to: "/stories", search: { story, range: "all" } })}
		/>
	);
}

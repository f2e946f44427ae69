using NotebookKit.Prompting;
using NotebookKit.Tokenizers;

namespace NotebookKit.Play.Prompt;

/// <summary>A model that ranks answer choices.</summary>
/// <param name="Name">Its name on the page: what it was trained on.</param>
/// <param name="Classifier">Ranks with it.</param>
/// <param name="Owner">What is freed with it.</param>
public sealed record RankingModel(string Name, RankClassifier Classifier, IDisposable Owner);

/// <summary>The models of the bench, and the tokens that they share.</summary>
/// <param name="Tokens">Their tokens.</param>
/// <param name="Models">The models, from no prompt to all prompts.</param>
/// <param name="About">What they are, in a sentence or two.</param>
public sealed record RankingModels(TextTokens Tokens, IReadOnlyList<RankingModel> Models, string About);

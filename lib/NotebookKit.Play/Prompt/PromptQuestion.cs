namespace NotebookKit.Play.Prompt;

/// <summary>A row worded by a template, or a question of the reader's own.</summary>
/// <param name="Set">The data set; "" for the reader's own question.</param>
/// <param name="Row">The row of its test part, from 0.</param>
/// <param name="Template">The template as typed.</param>
/// <param name="Choices">The template of the answer choices as typed; choices are separated by |||.</param>
/// <param name="Own">The reader's own question, where there is no data set.</param>
/// <param name="OwnChoices">Its choices, a line each.</param>
public sealed record PromptQuestion(string? Set, int Row = 0, string? Template = null, string? Choices = null, string? Own = null, string? OwnChoices = null);

/// <summary>What the models make of a worded row.</summary>
/// <param name="Input">The input as it was rendered.</param>
/// <param name="Target">The right answer; null where nobody knows.</param>
/// <param name="Choices">The answer choices; none where the template has none.</param>
/// <param name="Right">The place of the right answer among the choices; -1 where it is not among them.</param>
/// <param name="InputTokens">How many tokens the input has.</param>
/// <param name="ReadTokens">How many of them the models read.</param>
/// <param name="WasCut">Whether something typed was longer than the bench reads.</param>
/// <param name="Models">The scores of every model.</param>
public sealed record PromptAnswer(
    string Input, string? Target, IReadOnlyList<string> Choices, int Right, int InputTokens, int ReadTokens, bool WasCut, IReadOnlyList<ModelScores> Models);

/// <summary>The scores of one model.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Rules">The scores under each of <see cref="PromptBench.Rules"/>.</param>
public sealed record ModelScores(string Model, IReadOnlyList<RuleScores> Rules);

/// <summary>The scores of the choices under one length rule.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Scores">The score of each choice.</param>
/// <param name="Best">The place of the highest.</param>
public sealed record RuleScores(string Rule, IReadOnlyList<double> Scores, int Best);

/// <summary>The data sets with their templates.</summary>
/// <param name="Sets">The data sets.</param>
/// <param name="Models">The names of the models.</param>
/// <param name="Rules">The length rules.</param>
public sealed record PromptChoices(IReadOnlyList<PromptSet> Sets, IReadOnlyList<string> Models, IReadOnlyList<string> Rules);

/// <summary>A data set with its templates.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is to the models: trained, a held-out data set, a held-out task.</param>
/// <param name="Rows">Rows that can be chosen.</param>
/// <param name="Templates">Its templates.</param>
public sealed record PromptSet(string Name, string Kind, int Rows, IReadOnlyList<PromptWording> Templates);

/// <summary>A template of a data set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsTrained">Whether the models may have been trained on it.</param>
/// <param name="Template">Its text.</param>
/// <param name="Choices">The template of its answer choices; "" if it has none.</param>
public sealed record PromptWording(string Name, bool IsTrained, string Template, string Choices);

/// <summary>A row of a data set.</summary>
/// <param name="Fields">Its fields.</param>
public sealed record PromptRow(IReadOnlyList<RowField> Fields);

/// <summary>A field of a row.</summary>
/// <param name="Name">Its name, as templates write it.</param>
/// <param name="Text">Its value.</param>
public sealed record RowField(string Name, string Text);

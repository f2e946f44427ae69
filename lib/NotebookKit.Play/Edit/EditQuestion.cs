namespace NotebookKit.Play.Edit;

/// <summary>Edits, one on top of the other, and what is asked of the model after the last.</summary>
/// <param name="Edits">The edits in their order; none to ask the model as it is.</param>
/// <param name="Relation">The relation of the fact that is asked about where there is no edit yet.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Own">The reader's own questions.</param>
public sealed record EditQuestion(IReadOnlyList<FactEdit>? Edits, string? Relation = null, string? Subject = null, IReadOnlyList<string>? Own = null);

/// <summary>One edit.</summary>
/// <param name="Relation">The fact's relation.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="Answer">The new answer.</param>
/// <param name="Editor">One of <see cref="EditBench.Editors"/>.</param>
/// <param name="Rate">Fine-tuning's rate; the other editors have none.</param>
/// <param name="Strength">How much of the change is kept: 1 for all of it, 0 for nothing, 2 for twice.</param>
public sealed record FactEdit(string? Relation, string? Subject, string? Answer, string? Editor, double Rate = 3e-4, double Strength = 1);

/// <summary>What the model says before the first edit and after the last.</summary>
/// <param name="Prompt">The question that the last editor was given.</param>
/// <param name="Groups">Questions in other words, of neighbours, of unrelated facts.</param>
/// <param name="Own">The reader's own questions.</param>
/// <param name="Series">How the model is after each edit.</param>
/// <param name="Panel">How many questions the damage is measured on.</param>
public sealed record EditAnswer(string Prompt, IReadOnlyList<AskedGroup> Groups, IReadOnlyList<AskedQuestion> Own, IReadOnlyList<SeriesPoint> Series, int Panel);

/// <summary>Questions of one kind.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Changes">Whether the edit is to change their answers; else they must stay.</param>
/// <param name="Questions">The questions.</param>
public sealed record AskedGroup(string Name, bool Changes, IReadOnlyList<AskedQuestion> Questions);

/// <summary>A question, asked of the model as it was and as it is.</summary>
/// <param name="Text">The question.</param>
/// <param name="Wanted">The answer that it must have; "" where nobody knows.</param>
/// <param name="Before">The answer before the first edit.</param>
/// <param name="After">The answer after the last edit.</param>
/// <param name="SureBefore">The probability of the wanted answer before; null where nothing is wanted.</param>
/// <param name="SureAfter">The probability of the wanted answer after; null where nothing is wanted.</param>
public sealed record AskedQuestion(string Text, string Wanted, string Before, string After, double? SureBefore, double? SureAfter);

/// <summary>The model after some edits.</summary>
/// <param name="Edits">How many.</param>
/// <param name="Says">Whether the last of them holds: the model gives the new answer to the question that was edited.</param>
/// <param name="Hold">How many of all edits so far hold.</param>
/// <param name="Lost">How many questions of the panel have lost their right answer.</param>
/// <param name="Asked">How many questions of the panel are about facts that no edit has touched.</param>
/// <param name="Milliseconds">How long the last edit took.</param>
public sealed record SeriesPoint(int Edits, bool Says, int Hold, int Lost, int Asked, double Milliseconds);

/// <summary>What can be edited.</summary>
/// <param name="Relations">The relations with their facts.</param>
/// <param name="LeastRate">The least rate of fine-tuning on the page.</param>
/// <param name="MostRate">The highest.</param>
/// <param name="Rate">The rate that the page begins with.</param>
public sealed record FactChoices(IReadOnlyList<RelationChoices> Relations, double LeastRate, double MostRate, double Rate);

/// <summary>A relation with its facts.</summary>
/// <param name="Name">The relation.</param>
/// <param name="Question">How it is asked, with {0} where the subject stands.</param>
/// <param name="Facts">Subject, answer, and the newer answer if there is one.</param>
/// <param name="Answers">All answers.</param>
public sealed record RelationChoices(string Name, string Question, IReadOnlyList<FactChoice> Facts, IReadOnlyList<string> Answers);

/// <summary>A fact.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="Answer">What the model was taught.</param>
/// <param name="News">What has changed since; "" if nothing has.</param>
public sealed record FactChoice(string Subject, string Answer, string News);

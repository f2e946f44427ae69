using System.Globalization;
using NotebookKit.Prompting;
using NotebookKit.Studies.Data;
using NotebookKit.Studies.Prompting;
using NotebookKit.Templates;
using NotebookKit.Templates.Language;
using Worded = NotebookKit.Prompting.Prompt;

namespace NotebookKit.Play.Prompt;

/// <summary>The bench of T0: a row worded by any template, and how models that have seen no, one or all prompts rank its answer choices.</summary>
public sealed class PromptBench : IBench
{
    /// <summary>Characters of a template, or of a reader's own question, that are read.</summary>
    public const int LongestText = 4000;

    /// <summary>Characters of one answer choice that are read.</summary>
    public const int LongestChoice = 200;

    /// <summary>Answer choices that are ranked at most.</summary>
    public const int MostChoices = 20;

    /// <summary>Rows of a data set that can be chosen.</summary>
    public const int MostRows = 50;

    /// <summary>How log-probabilities become scores; the first is T0's.</summary>
    public static IReadOnlyList<string> Rules { get; } = ["sum", "per token", "per byte", "calibrated"];

    // A template is typed by anybody: a hundredth of what a file of prompts may ask for.
    private static readonly RenderLimits Limits = new(Work: 200_000, OutputLength: 80_000, Depth: 32);

    // What a choice is worth by itself is asked after an input that says nothing.
    private const string Premise = "The answer is:";
    private const string Name = "template";

    private readonly PromptTasks _tasks;
    private readonly RankingModels _models;

    /// <summary>A bench over data sets and models.</summary>
    /// <param name="tasks">The data sets with their templates.</param>
    /// <param name="models">The models; they become the bench's.</param>
    public PromptBench(PromptTasks tasks, RankingModels models) => (_tasks, _models) = (tasks, models);

    /// <inheritdoc/>
    public string About => _models.About;

    /// <summary>The data sets with their templates.</summary>
    public PromptChoices Choices() => new(
        [.. _tasks.Select(task => new PromptSet(
            task.Name,
            !task.IsHeldOut ? "trained on" : _tasks.HeldOutTasks.Contains(task) ? "held-out task" : "held-out data set",
            Math.Min(MostRows, task[Split.Test].Count),
            [.. task.Prompts.Prompts.Select(p => new PromptWording(p.Name, task.TrainingPrompts.Contains(p), p.Jinja, p.AnswerChoices ?? ""))]))],
        [.. _models.Models.Select(m => m.Name)], Rules);

    /// <summary>A row of a data set, as its fields.</summary>
    /// <exception cref="InputException">There is no such row.</exception>
    public PromptRow Row(string? set, int row) => new([.. Find(set, row).Select(field => new RowField(field.Key, Shown(field.Value)))]);

    /// <summary>Words a row and ranks its choices.</summary>
    /// <exception cref="InputException">The template, a choice or the row cannot be used.</exception>
    public PromptAnswer Answer(PromptQuestion question)
    {
        var worded = string.IsNullOrEmpty(question.Set) ? Own(question, out bool wasCut) : Word(question, out wasCut);
        if (worded.Input.Length == 0) throw new InputException("template", "The template gives no input for this row. Let it print something in front of |||.");
        int tokens = _models.Tokens.Input(worded.Input, int.MaxValue).Length;
        if (tokens == 0) throw new InputException("template", "The input comes to no token. Let the template print a word.");
        string[] choices = [.. (worded.Choices ?? []).Select(choice => Choice(choice, ref wasCut))];
        if (choices.Length > MostChoices) throw new InputException("choices", $"There are {choices.Length} choices, and this bench ranks {MostChoices}. Leave some out.");
        if (choices.Length == 1) throw new InputException("choices", "There is one choice only. Give two or more, with ||| between them.");
        int read = _models.Models.Select(m => m.Classifier.InputLength).DefaultIfEmpty(int.MaxValue).Min();
        return new(
            worded.Input, worded.Target, choices, worded.TargetChoice, tokens, Math.Min(tokens, read), wasCut,
            choices.Length == 0 ? [] : [.. _models.Models.Select(model => Rank(model, worded.Input, choices))]);
    }

    /// <summary>Frees the models.</summary>
    public void Dispose()
    {
        foreach (var model in _models.Models) model.Owner.Dispose();
    }

    private static ModelScores Rank(RankingModel model, string input, string[] choices)
    {
        var scores = model.Classifier.ScoreCalibrated([(input, choices)], Premise)[0];
        int[] all = [.. Enumerable.Range(0, choices.Length)];
        return new(model.Name,
        [
            .. Rules.Zip(Enum.GetValues<LengthNormalisation>(), (rule, length) => new RuleScores(rule, [.. all.Select(c => scores.Score(c, length))], scores.Best(length))),
            new(Rules[^1], [.. all.Select(scores.Calibrated)], scores.BestCalibrated()),
        ]);
    }

    private PromptedExample Word(PromptQuestion question, out bool wasCut)
    {
        var row = Find(question.Set, question.Row);
        string template = TypedText.Cut(question.Template, LongestText, out wasCut);
        string choices = TypedText.Cut(question.Choices, LongestText, out bool choicesCut);
        wasCut |= choicesCut;
        if (string.IsNullOrWhiteSpace(template)) throw new InputException("template", "Type a template: words, and {{ field }} where a field of the row is to stand.", 1, 1);
        try
        {
            return new Worded(Name, template, choices.Length == 0 ? null : choices).Apply(row, ChoiceSource.Seeded(0), new() { Limits = Limits });
        }
        catch (TemplateException error)
        {
            throw new InputException(error.Template == Name ? "template" : "choices", error.Detail, error.Line, error.Column);
        }
        catch (ArgumentException error)
        {
            throw new InputException("template", error.Message.Replace($"Prompt '{Name}'", "The template", StringComparison.Ordinal));
        }
    }

    private static PromptedExample Own(PromptQuestion question, out bool wasCut)
    {
        string text = TypedText.Cut(question.Own?.Trim(), LongestText, out wasCut);
        string choices = TypedText.Cut(question.OwnChoices, LongestText, out bool choicesCut);
        wasCut |= choicesCut;
        if (text.Length == 0) throw new InputException("own", "Type a question first.");
        string[] lines = choices.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Length >= 2 ? new([text], lines) : throw new InputException("ownchoices", "Give two choices or more, each on a line of its own.");
    }

    private PromptExample Find(string? set, int row)
    {
        var task = _tasks.FirstOrDefault(t => t.Name == set) ?? throw new InputException("set", $"There is no data set '{set}'. Choose one of the list.");
        var rows = task[Split.Test];
        return row >= 0 && row < Math.Min(MostRows, rows.Count) ? rows[row] : throw new InputException("row", $"The rows go from 1 to {Math.Min(MostRows, rows.Count)}.");
    }

    private static string Choice(string choice, ref bool wasCut)
    {
        string text = TypedText.Cut(choice, LongestChoice, out bool cut);
        wasCut |= cut;
        return text;
    }

    private static string Shown(object? value) => value switch
    {
        null => "None",
        string text => text,
        IEnumerable<object?> list => string.Join(" | ", list.Select(Shown)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}

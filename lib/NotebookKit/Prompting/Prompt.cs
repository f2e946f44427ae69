using NotebookKit.Templates;
using NotebookKit.Templates.Language;

namespace NotebookKit.Prompting;

/// <summary>
/// One prompt of a collection: a template that words an example as input and target, its answer choices and its metadata. Semantics
/// are promptsource's (class <c>Template</c>, method <c>apply</c>). Immutable and safe to use from several threads.
/// </summary>
public sealed class Prompt
{
    /// <summary>Between the parts of a rendered prompt, and between answer choices.</summary>
    public const string Separator = "|||";

    /// <summary>The name under which a template sees its answer choices; no example may have a field of that name.</summary>
    public const string ChoicesVariable = "answer_choices";

    private readonly Lazy<PromptTemplate> _template;
    private readonly Lazy<PromptTemplate> _truncated;
    private readonly Lazy<PromptTemplate?> _choices;
    private readonly Lazy<IReadOnlyList<string>?> _fixedChoices;
    private readonly Lazy<IReadOnlySet<string>> _fields;

    /// <summary>Describes a prompt; nothing is parsed yet.</summary>
    /// <param name="name">Its name within the collection.</param>
    /// <param name="jinja">The template; input and target are separated by <c>|||</c>.</param>
    /// <param name="answerChoices">A template that gives the choices separated by <c>|||</c>, or null.</param>
    /// <param name="metadata">What is recorded about it.</param>
    /// <param name="reference">Where the wording comes from.</param>
    /// <param name="id">A UUID; a new one if null.</param>
    /// <param name="extra">Further scalar fields of the file, kept for the way back.</param>
    public Prompt(string name, string jinja, string? answerChoices = null, PromptMetadata? metadata = null, string reference = "", string? id = null, IReadOnlyDictionary<string, string>? extra = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(jinja);
        Name = name;
        Jinja = jinja;
        AnswerChoices = answerChoices;
        Metadata = metadata ?? PromptMetadata.Empty;
        Reference = reference;
        Key = Id = id ?? Guid.NewGuid().ToString();
        Extra = extra ?? new Dictionary<string, string>();
        _template = new(() => PromptTemplate.Parse(Jinja, Name));
        _truncated = new(() => PromptTemplate.ParseTruncated(Jinja, Name));
        _choices = new(() => AnswerChoices is null ? null : PromptTemplate.Parse(AnswerChoices, Name + " (answer choices)"));
        _fixedChoices = new(ComputeFixedChoices);
        _fields = new(ComputeFields);
    }

    /// <summary>A UUID.</summary>
    public string Id { get; }

    /// <summary>Under what its file lists it; in a sound file that is <see cref="Id"/>.</summary>
    public string Key { get; init; }

    /// <summary>The line of its file on which it begins, counted from 1; 0 if it comes from no file.</summary>
    public long Line { get; init; }

    /// <summary>The name within the collection.</summary>
    public string Name { get; }

    /// <summary>The template's text.</summary>
    public string Jinja { get; }

    /// <summary>The text of the template that gives the answer choices, or null.</summary>
    public string? AnswerChoices { get; }

    /// <summary>Where the wording comes from.</summary>
    public string Reference { get; }

    /// <summary>What is recorded about the prompt.</summary>
    public PromptMetadata Metadata { get; }

    /// <summary>Further scalar fields that the file had.</summary>
    public IReadOnlyDictionary<string, string> Extra { get; }

    /// <summary>Whether its file says <c>held_out: true</c>: it is for testing, and training does not see it. promptsource ignores the field.</summary>
    public bool IsHeldOut => Extra.GetValueOrDefault("held_out") == "true";

    /// <summary>The parsed template, without truncation.</summary>
    /// <exception cref="TemplateException">The text is not a template.</exception>
    public PromptTemplate Template => _template.Value;

    /// <summary>The choices, if they do not depend on the example; otherwise null.</summary>
    public IReadOnlyList<string>? FixedChoices => _fixedChoices.Value;

    /// <summary>The fields that the template and the choices mention.</summary>
    public IReadOnlySet<string> Fields => _fields.Value;

    /// <summary>The answer choices for an example, or null if the prompt has none. Never truncated.</summary>
    public IReadOnlyList<string>? ChoicesFor(PromptExample example, ChoiceSource? choices = null, PromptOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(example);
        if (FixedChoices is { } known) return known;
        return _choices.Value is { } template ? template.RenderParts(example, Separator, choices, options?.Limits).Parts : null;
    }

    /// <summary>Words an example.</summary>
    /// <param name="example">The example; it must not have a field <c>answer_choices</c>.</param>
    /// <param name="choices">Randomness for prompts that draw, or null.</param>
    /// <param name="options">Truncation, missing fields, limits.</param>
    /// <exception cref="ArgumentException">The example has a field <c>answer_choices</c>, or lacks fields that the prompt mentions.</exception>
    /// <exception cref="TemplateException">The template cannot be parsed or rendered.</exception>
    public PromptedExample Apply(PromptExample example, ChoiceSource? choices = null, PromptOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(example);
        options ??= PromptOptions.Default;
        CheckFields(example, options);
        var answerChoices = ChoicesFor(example, choices, options);
        return new PromptedExample(Render(example, answerChoices, choices, options).Parts, answerChoices);
    }

    /// <summary>The rendered text as it is before splitting, except that separators within fields stand as themselves.</summary>
    /// <inheritdoc cref="Apply"/>
    public string RenderText(PromptExample example, ChoiceSource? choices = null, PromptOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(example);
        options ??= PromptOptions.Default;
        CheckFields(example, options);
        return Render(example, ChoicesFor(example, choices, options), choices, options).Text;
    }

    /// <summary>The rendered text, not truncated, and which characters of it each expression printed.</summary>
    internal RenderedText RenderTraced(PromptExample example, ChoiceSource? choices, PromptOptions options)
    {
        CheckFields(example, options);
        return Template.RenderParts(example.With(ChoicesVariable, ChoicesFor(example, choices, options)), Separator, choices, options.Limits, traced: true);
    }

    private RenderedText Render(PromptExample example, IReadOnlyList<string>? answerChoices, ChoiceSource? choices, PromptOptions options)
    {
        var template = options.Truncate ? _truncated.Value : _template.Value;
        return template.RenderParts(example.With(ChoicesVariable, answerChoices), Separator, choices, options.Limits);
    }

    /// <summary>The prompt's name.</summary>
    public override string ToString() => Name;

    private void CheckFields(PromptExample example, PromptOptions options)
    {
        if (example.Contains(ChoicesVariable))
            throw new ArgumentException($"The example has a field '{ChoicesVariable}', the name under which prompt '{Name}' sees its choices. Rename the field.");
        if (!options.RequireFields) return;
        string[] missing = Fields.Where(field => !example.Contains(field)).Order(StringComparer.Ordinal).ToArray();
        if (missing.Length > 0)
            throw new ArgumentException($"Prompt '{Name}' mentions {(missing.Length == 1 ? "a field" : "fields")} that the example lacks: {string.Join(", ", missing)}. "
                + $"It has: {string.Join(", ", example.Names)}.");
    }

    private HashSet<string> ComputeFields()
    {
        var fields = new HashSet<string>(Template.UndeclaredVariables);
        if (_choices.Value is { } choices) fields.UnionWith(choices.UndeclaredVariables);
        fields.Remove(ChoicesVariable);
        return fields;
    }

    private IReadOnlyList<string>? ComputeFixedChoices() =>
        _choices.Value is { UndeclaredVariables.Count: 0 } template ? template.RenderParts(new PromptExample([]), Separator).Parts : null;
}

/// <summary>What promptsource records about a prompt.</summary>
/// <param name="OriginalTask">Whether the prompt poses the task that the data set was made for; null if not recorded.</param>
/// <param name="ChoicesInPrompt">Whether the input lists the answer choices; null if not recorded.</param>
/// <param name="Metrics">Names of the metrics that fit, such as <c>Accuracy</c> or <c>ROUGE</c>.</param>
/// <param name="Languages">Languages of the prompt, such as <c>en</c>.</param>
public sealed record PromptMetadata(bool? OriginalTask, bool? ChoicesInPrompt, IReadOnlyList<string> Metrics, IReadOnlyList<string> Languages)
{
    /// <summary>Nothing recorded.</summary>
    public static PromptMetadata Empty { get; } = new(null, null, [], []);

    /// <inheritdoc/>
    public bool Equals(PromptMetadata? other) => other is not null && OriginalTask == other.OriginalTask && ChoicesInPrompt == other.ChoicesInPrompt
        && Metrics.SequenceEqual(other.Metrics) && Languages.SequenceEqual(other.Languages);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(OriginalTask, ChoicesInPrompt, Metrics.Count, Languages.Count);
}

/// <summary>How a <see cref="Prompt"/> is applied; the defaults are promptsource's.</summary>
/// <param name="Truncate">
/// Whether every printed expression is cut to 2,048 characters, by promptsource's own rewriting of the text: <c>}}</c> becomes
/// <c> | string | truncate(2048) }}</c>. The filter binds to the last operand only, so <c>{{ a if c else b }}</c> cuts <c>b</c> alone.
/// </param>
/// <param name="RequireFields">
/// Whether a field that the prompt mentions and the example lacks is an error that names it. Python prints nothing in its place.
/// </param>
/// <param name="Limits">What rendering may use.</param>
public sealed record PromptOptions(bool Truncate = true, bool RequireFields = true, RenderLimits? Limits = null)
{
    /// <summary>promptsource's behaviour, with missing fields as errors.</summary>
    public static PromptOptions Default { get; } = new();
}

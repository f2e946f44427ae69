using NotebookKit.Templates.Language;

namespace NotebookKit.Templates;

/// <summary>
/// A prompt template in the Jinja2 dialect of promptsource, rendered with Python's own formatting of values. Parsed once, it may be
/// rendered any number of times and from several threads at once.
/// </summary>
/// <remarks>
/// The language is Jinja2 3.1 without what reaches outside the template: no <c>include</c>, <c>import</c> or <c>extends</c>, no escaping
/// mode, no extensions. Its globals, filters and tests are Jinja2's built-in ones, with promptsource's <c>zip</c>, <c>choice</c> and
/// <c>most_frequent</c>. Templates see strings, numbers, lists and dictionaries, never .NET objects.
/// </remarks>
public sealed class PromptTemplate
{
    private readonly string _normalized;
    private readonly Statement[] _body;
    private readonly FunctionScope _variables;
    private readonly Load[] _loads;
    private readonly KeyValuePair<string, Slot>[] _context;
    private readonly bool _mayMutate;

    // promptsource cuts long values by rewriting the template's text; errors still speak of the text as written.
    private const string Truncation = " | string | truncate(2048) ";

    private readonly bool _truncates;

    private PromptTemplate(string source, string name, bool truncates)
    {
        Source = source;
        Name = name;
        _truncates = truncates;
        _normalized = Lexer.Normalize(source);
        try
        {
            (_body, _mayMutate) = Parser.Parse(truncates ? _normalized.Replace("}}", Truncation + "}}", StringComparison.Ordinal) : _normalized);
            (_variables, _loads) = ScopeResolver.Resolve(_body);
        }
        catch (SyntaxError e)
        {
            throw Locate(TemplateErrorKind.Syntax, e.Message, e.Offset);
        }
        catch (PythonError e)
        {
            throw Locate(e.Kind, e.Message, 0);
        }
        _context = [.. _variables.Context];
        UndeclaredVariables = _context.Select(c => c.Key).Where(c => !GlobalFunctions.Table.ContainsKey(c)).ToHashSet();
    }

    /// <summary>The text that was parsed.</summary>
    public string Source { get; }

    /// <summary>The text with its line ends as Jinja2 sees them; the places of <see cref="Names"/> refer to it.</summary>
    public string Text => _normalized;

    /// <summary>The names in the template's tags, in the order in which they stand there.</summary>
    public IReadOnlyList<TemplateName> Names
    {
        get
        {
            var tokens = Lexer.Tokenize(_normalized);
            return [.. tokens.Zip(tokens.Prepend(default), (token, before) => (token, before)).Where(pair => pair.token.Kind == TokenKind.Name)
                .Select(pair => new TemplateName(pair.token.Text, pair.token.Offset, pair.before.IsOperator("."), pair.before.IsOperator("|")))];
        }
    }

    /// <summary>The name that errors give.</summary>
    public string Name { get; }

    /// <summary>The names that the template expects from the example (some perhaps only in a branch that is not taken).</summary>
    public IReadOnlySet<string> UndeclaredVariables { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="source">Its text. Line ends become <c>\n</c>; one at the very end is dropped, as Jinja2 does.</param>
    /// <param name="name">The name that errors give.</param>
    /// <exception cref="TemplateException">The text is not a template, or is nested too deeply.</exception>
    public static PromptTemplate Parse(string source, string name = "template")
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(name);
        return new PromptTemplate(source, name, truncates: false);
    }

    /// <summary>Parses a template after promptsource's rewriting of every <c>}}</c>, which cuts what an expression prints to 2,048 characters.</summary>
    /// <inheritdoc cref="Parse"/>
    public static PromptTemplate ParseTruncated(string source, string name = "template")
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(name);
        return new PromptTemplate(source, name, truncates: true);
    }

    /// <summary>Renders the template for one example.</summary>
    /// <param name="example">The variables. Rendering never changes them: a template that appends to a list gets a copy.</param>
    /// <param name="choices">Randomness for the filters <c>choice</c> and <c>random</c>; a template that uses them fails without.</param>
    /// <param name="limits">How much work and output is allowed; <see cref="RenderLimits.Default"/> if null.</param>
    /// <exception cref="TemplateException">Rendering failed; the message gives the place in the template.</exception>
    public string Render(PromptExample example, ChoiceSource? choices = null, RenderLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(example);
        return Render(example, new RenderState(choices, limits ?? RenderLimits.Default));
    }

    /// <summary>Renders the template for one example, and parts the text at a separator, as promptsource does.</summary>
    /// <param name="example">The variables. A separator inside a text field stays in its part.</param>
    /// <param name="separator">What stands between two parts.</param>
    /// <param name="choices">Randomness for the filters <c>choice</c> and <c>random</c>; a template that uses them fails without.</param>
    /// <param name="limits">How much work and output is allowed; <see cref="RenderLimits.Default"/> if null.</param>
    /// <param name="traced">Whether it is noted which characters each expression printed.</param>
    /// <exception cref="TemplateException">Rendering failed; the message gives the place in the template.</exception>
    public RenderedText RenderParts(PromptExample example, string separator, ChoiceSource? choices = null, RenderLimits? limits = null, bool traced = false)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentException.ThrowIfNullOrEmpty(separator);
        var state = new RenderState(choices, limits ?? RenderLimits.Default) { Trace = traced ? [] : null };
        return new RenderedText(Render(RenderedText.Protect(example, separator), state), separator, state.Trace ?? []);
    }

    private string Render(PromptExample example, RenderState state)
    {
        try
        {
            var frame = new Frame(state, _variables.SlotCount, null);
            var values = _mayMutate ? example.Thaw(state) : example.Values;
            foreach (var (name, slot) in _context)
            {
                if (values.TryGet(name, out object? value) || (GlobalFunctions.Table.TryGetValue(name, out object? global) && (value = global) is not null))
                    frame.Slots[slot.Index] = value;
            }
            Load.Enter(_loads, frame);
            Statement.RunAll(_body, frame);
            return state.Out.TakeText();
        }
        catch (PythonError e)
        {
            throw Locate(e.Kind, e.Message, state.At);
        }
        finally
        {
            state.Out.Discard();
        }
    }

    /// <inheritdoc cref="Render(PromptExample, ChoiceSource?, RenderLimits?)"/>
    public string Render(IReadOnlyDictionary<string, object?> example, ChoiceSource? choices = null, RenderLimits? limits = null) =>
        Render(new PromptExample(example), choices, limits);

    /// <summary>The template's text.</summary>
    public override string ToString() => Source;

    private TemplateException Locate(TemplateErrorKind kind, string detail, int offset)
    {
        if (_truncates) offset = OffsetAsWritten(offset);
        var before = _normalized.AsSpan(0, Math.Min(offset, _normalized.Length));
        int line = before.Count('\n') + 1;
        int column = before.Length - before.LastIndexOf('\n');
        return new TemplateException(kind, detail, Name, line, column);
    }

    private int OffsetAsWritten(int rewritten)
    {
        int added = 0;
        for (int end = 0; (end = _normalized.IndexOf("}}", end, StringComparison.Ordinal)) >= 0 && end + added < rewritten; end += 2)
        {
            if (rewritten < end + added + Truncation.Length) return end;
            added += Truncation.Length;
        }
        return rewritten - added;
    }
}

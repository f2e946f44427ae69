using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace NotebookKit.Prompting;

/// <summary>
/// promptsource's YAML. The tags <c>!Template</c> and <c>!TemplateMetadata</c> mark two known mappings; no tag makes an object, and any
/// other tag is refused. Aliases are followed where promptsource's own files use them (a list of languages), without expanding anything else.
/// </summary>
internal static partial class PromptYaml
{
    private const string TemplateTag = "!Template";
    private const string MetadataTag = "!TemplateMetadata";
    private const int MaxDepth = 12;

    private static readonly string[] KnownFields = ["answer_choices", "id", "jinja", "metadata", "name", "reference"];

    // A value of the file: a mapping, a list or a scalar, with the line it starts on.
    private abstract record Node(long Line, string? Tag);

    private sealed record MappingNode(long Line, string? Tag, List<(string Key, Node Value)> Entries) : Node(Line, Tag)
    {
        public Node? Find(string key) => Entries.FirstOrDefault(e => e.Key == key).Value;
    }

    private sealed record ListNode(long Line, string? Tag, List<Node> Items) : Node(Line, Tag);

    private sealed record ScalarNode(long Line, string? Tag, string Text, bool Plain) : Node(Line, Tag)
    {
        public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
    }

    public static PromptCollection Read(TextReader reader, string source)
    {
        ArgumentNullException.ThrowIfNull(reader);
        string text = reader.ReadToEnd();
        var scanner = new Scanner(new StringReader(text));
        try
        {
            var parser = new YamlDotNet.Core.Parser(scanner);
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            var root = Compose(parser, [], 0, source);
            return Collection(root, source);
        }
        catch (YamlException e)
        {
            throw new PromptFileException(source, e.Start.Line, e.Message + RawLineEnd(text), e);
        }
        // The scanner does not check all that it relies on: some damage surfaces as an error of .NET's own.
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new PromptFileException(source, scanner.CurrentPosition.Line, $"not YAML: {e.Message}{RawLineEnd(text)}", e);
        }
    }

    /// <summary>A hint for a file that cannot be read and holds a character that YAML takes for a line end and editors do not.</summary>
    private static string RawLineEnd(string text)
    {
        int at = text.AsSpan().IndexOfAny('\u0085', '\u2028', '\u2029');
        return at < 0 ? "" : $" (line {text.AsSpan(0, at).Count('\n') + 1} holds the character U+{(int)text[at]:X4}, which YAML takes for a line end; write it as \\{text[at] switch { '\u0085' => 'N', '\u2028' => 'L', _ => 'P' }} in double quotes)";
    }

    private static Node Compose(IParser parser, Dictionary<string, Node> anchors, int depth, string source)
    {
        var start = parser.Current ?? throw new PromptFileException(source, 0, "the file ends too early");
        long line = start.Start.Line;
        if (depth > MaxDepth) throw new PromptFileException(source, line, $"nested more than {MaxDepth} deep");
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return anchors.TryGetValue(alias.Value.Value, out var known) ? known : throw new PromptFileException(source, line, $"unknown alias '*{alias.Value}'");
        Node node;
        if (parser.TryConsume<Scalar>(out var scalar))
            node = new ScalarNode(line, Tag(scalar, source), scalar.Value, scalar.Style == ScalarStyle.Plain);
        else if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            var items = new List<Node>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(Compose(parser, anchors, depth + 1, source));
            node = new ListNode(line, Tag(sequence, source), items);
        }
        else if (parser.TryConsume<MappingStart>(out var mapping))
        {
            var entries = new List<(string, Node)>();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (Compose(parser, anchors, depth + 1, source) is not ScalarNode key) throw new PromptFileException(source, line, "a key must be a plain text");
                var value = Compose(parser, anchors, depth + 1, source);
                if (entries.Exists(e => e.Item1 == key.Text)) throw new PromptFileException(source, key.Line, $"the key '{key.Text}' occurs twice");
                entries.Add((key.Text, value));
            }
            node = new MappingNode(line, Tag(mapping, source), entries);
        }
        else throw new PromptFileException(source, line, "expected a value");
        if (!((NodeEvent)start).Anchor.IsEmpty) anchors[((NodeEvent)start).Anchor.Value] = node;
        return node;
    }

    private static string? Tag(NodeEvent node, string source)
    {
        if (node.Tag.IsEmpty || node.Tag.IsNonSpecific) return null;
        string tag = node.Tag.Value;
        if (tag is TemplateTag or MetadataTag || tag.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal) && !tag.Contains("python")) return tag;
        throw new PromptFileException(source, node.Start.Line, $"the tag '{tag}' is not allowed; a file of prompts knows only {TemplateTag} and {MetadataTag}");
    }

    private static PromptCollection Collection(Node root, string source)
    {
        var top = Mapping(root, "the file", source);
        string dataset = Text(top, "dataset", source) ?? throw new PromptFileException(source, top.Line, "the key 'dataset' is missing");
        string? subset = Text(top, "subset", source);
        var prompts = new List<Prompt>();
        if (top.Find("templates") is { } templates and not ScalarNode { IsNull: true })
        {
            foreach (var (key, node) in Mapping(templates, "'templates'", source).Entries) prompts.Add(ReadPrompt(key, node, source));
        }
        return new PromptCollection(dataset, subset, prompts);
    }

    private static Prompt ReadPrompt(string key, Node node, string source)
    {
        var fields = Mapping(node, $"template '{key}'", source);
        string Required(string field) => Text(fields, field, source) ?? throw new PromptFileException(source, fields.Line, $"template '{key}' has no '{field}'");
        var extra = fields.Entries.Where(e => !KnownFields.Contains(e.Key) && e.Value is ScalarNode).ToDictionary(e => e.Key, e => ((ScalarNode)e.Value).Text);
        return new Prompt(Required("name"), Required("jinja"), Text(fields, "answer_choices", source), ReadMetadata(fields.Find("metadata"), source),
            Text(fields, "reference", source) ?? "", Text(fields, "id", source) ?? key, extra)
        { Key = key, Line = fields.Line };
    }

    private static PromptMetadata ReadMetadata(Node? node, string source)
    {
        if (node is null or ScalarNode { IsNull: true }) return PromptMetadata.Empty;
        var fields = Mapping(node, "'metadata'", source);
        return new PromptMetadata(Flag(fields, "original_task", source), Flag(fields, "choices_in_prompt", source), Texts(fields, "metrics", source), Texts(fields, "languages", source));
    }

    private static MappingNode Mapping(Node node, string what, string source) =>
        node as MappingNode ?? throw new PromptFileException(source, node.Line, $"{what} must be a mapping");

    private static string? Text(MappingNode fields, string key, string source) => fields.Find(key) switch
    {
        null or ScalarNode { IsNull: true } => null,
        ScalarNode scalar => scalar.Text,
        var other => throw new PromptFileException(source, other.Line, $"'{key}' must be text"),
    };

    private static bool? Flag(MappingNode fields, string key, string source) => fields.Find(key) switch
    {
        null or ScalarNode { IsNull: true } => null,
        ScalarNode { Text: var text } when text.ToLowerInvariant() is "true" or "yes" or "on" => true,
        ScalarNode { Text: var text } when text.ToLowerInvariant() is "false" or "no" or "off" => false,
        var other => throw new PromptFileException(source, other.Line, $"'{key}' must be true, false or null"),
    };

    private static List<string> Texts(MappingNode fields, string key, string source) => fields.Find(key) switch
    {
        null or ScalarNode { IsNull: true } => [],
        ListNode list => [.. list.Items.Select(item => item is ScalarNode scalar ? scalar.Text : throw new PromptFileException(source, item.Line, $"'{key}' must be a list of texts"))],
        var other => throw new PromptFileException(source, other.Line, $"'{key}' must be a list"),
    };

    public static void Write(PromptCollection collection, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.NewLine = "\n";
        var emitter = new Emitter(writer, new EmitterSettings(bestIndent: 2, bestWidth: 120, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        BeginMapping(emitter, null);
        WriteText(emitter, "dataset", collection.Dataset);
        if (collection.Subset is not null) WriteText(emitter, "subset", collection.Subset);
        emitter.Emit(new Scalar("templates"));
        BeginMapping(emitter, null);
        foreach (var prompt in collection.Prompts)
        {
            Emit(emitter, prompt.Key);
            BeginMapping(emitter, TemplateTag);
            // The order of promptsource's own files, which is alphabetical.
            WriteText(emitter, "answer_choices", prompt.AnswerChoices);
            WriteText(emitter, "id", prompt.Id);
            WriteText(emitter, "jinja", prompt.Jinja);
            emitter.Emit(new Scalar("metadata"));
            BeginMapping(emitter, MetadataTag);
            WriteFlag(emitter, "choices_in_prompt", prompt.Metadata.ChoicesInPrompt);
            WriteList(emitter, "languages", prompt.Metadata.Languages);
            WriteList(emitter, "metrics", prompt.Metadata.Metrics);
            WriteFlag(emitter, "original_task", prompt.Metadata.OriginalTask);
            emitter.Emit(new MappingEnd());
            WriteText(emitter, "name", prompt.Name);
            WriteText(emitter, "reference", prompt.Reference);
            foreach (var (key, value) in prompt.Extra.OrderBy(e => e.Key, StringComparer.Ordinal))
            {
                emitter.Emit(new Scalar(key));
                // What was read as a plain scalar (a number, a truth value) goes back as one.
                emitter.Emit(new Scalar(null, null, value, PlainExtra().IsMatch(value) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted, true, true));
            }
            emitter.Emit(new MappingEnd());
        }
        emitter.Emit(new MappingEnd());
        emitter.Emit(new MappingEnd());
        emitter.Emit(new DocumentEnd(true));
        emitter.Emit(new StreamEnd());
        writer.Flush();
    }

    private static void BeginMapping(IEmitter emitter, string? tag) =>
        emitter.Emit(new MappingStart(AnchorName.Empty, tag is null ? TagName.Empty : new TagName(tag), isImplicit: tag is null, MappingStyle.Block));

    private static void WriteText(IEmitter emitter, string key, string? value)
    {
        emitter.Emit(new Scalar(key));
        Emit(emitter, value);
    }

    private static void Emit(IEmitter emitter, string? value)
    {
        if (value is null) emitter.Emit(new Scalar(null, null, "null", ScalarStyle.Plain, true, false));
        else emitter.Emit(new Scalar(null, null, value, Style(value), isPlainImplicit: true, isQuotedImplicit: true));
    }

    /// <summary>Many lines read best as a block; what a block could alter is quoted; only harmless words stay bare.</summary>
    private static ScalarStyle Style(string value)
    {
        if (value.Contains('\n') && LiteralSafe().IsMatch(value) && value.EndsWith('\n') is false && !value.Any(c => c != '\n' && (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' or '\ufeff')))
            return ScalarStyle.Literal;
        return BareWord().IsMatch(value) && !Reserved().IsMatch(value) ? ScalarStyle.Plain : ScalarStyle.DoubleQuoted;
    }

    private static void WriteFlag(IEmitter emitter, string key, bool? value)
    {
        emitter.Emit(new Scalar(key));
        emitter.Emit(new Scalar(null, null, value switch { null => "null", true => "true", false => "false" }, ScalarStyle.Plain, true, false));
    }

    private static void WriteList(IEmitter emitter, string key, IReadOnlyList<string> values)
    {
        emitter.Emit(new Scalar(key));
        emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, values.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
        foreach (string value in values) Emit(emitter, value);
        emitter.Emit(new SequenceEnd());
    }

    // First line neither empty nor indented, and no line that ends in a space: block scalars are exact then.
    [GeneratedRegex(@"^[^\s](?:[^\n]*[^\s])?(?:\n(?:[^\n]*[^\s])?)*$")]
    private static partial Regex LiteralSafe();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_./ ()-]*(?<! )$")]
    private static partial Regex BareWord();

    [GeneratedRegex("^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$", RegexOptions.IgnoreCase)]
    private static partial Regex Reserved();

    [GeneratedRegex(@"^(?:true|false|null|-?[0-9]+)$")]
    private static partial Regex PlainExtra();
}

/// <summary>A file of prompts or examples that cannot be read. The message names the file and the line.</summary>
public sealed class PromptFileException : Exception
{
    /// <summary>Says what is wrong and where.</summary>
    /// <param name="source">File or stream.</param>
    /// <param name="line">Line, counted from 1; 0 if it is the file as a whole.</param>
    /// <param name="detail">What is wrong, and what would be right.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public PromptFileException(string source, long line, string detail, Exception? inner = null)
        : base(line > 0 ? $"{source}, line {line}: {detail}" : $"{source}: {detail}", inner)
    {
        File = source;
        Line = line;
    }

    /// <summary>File or stream.</summary>
    public string File { get; }

    /// <summary>Line, counted from 1; 0 if it is the file as a whole.</summary>
    public long Line { get; }
}

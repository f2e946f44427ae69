using System.Xml;

namespace NotebookKit.Studies.Data;

/// <summary>Reads documentation files as a stream, one member at a time.</summary>
internal static class ApiDocsReader
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    };

    /// <summary>The members of one file, in the file's order.</summary>
    /// <exception cref="InvalidDataException">The file is not well-formed; the message names file and line.</exception>
    public static List<ApiMember> Read(string path)
    {
        try
        {
            using var reader = XmlReader.Create(File.OpenRead(path), Settings);
            return Read(reader, Path.GetFileNameWithoutExtension(path));
        }
        catch (XmlException error)
        {
            throw new InvalidDataException($"{path}({error.LineNumber},{error.LinePosition}): this documentation file is not well-formed XML: {error.Message} Delete the package folder and restore again.", error);
        }
    }

    /// <summary>The members of one document.</summary>
    /// <param name="reader">Stands before the document's root.</param>
    /// <param name="assembly">The assembly's name where the document does not tell it.</param>
    public static List<ApiMember> Read(XmlReader reader, string assembly)
    {
        var entries = new List<Entry>();
        bool inAssembly = false;
        reader.Read();
        while (!reader.EOF)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "assembly") inAssembly = true;
            else if (reader.NodeType == XmlNodeType.EndElement && reader.LocalName == "assembly") inAssembly = false;
            else if (inAssembly && reader.NodeType == XmlNodeType.Element && reader.LocalName == "name")
            {
                assembly = reader.ReadElementContentAsString();
                continue;
            }
            else if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "member")
            {
                if (ReadMember(reader) is { } entry) entries.Add(entry);
                continue;
            }
            reader.Read();
        }

        // An id does not say where the namespace ends. The outermost documented type on the path does.
        var types = entries.Where(e => e.Id.Kind == MemberKind.Type).Select(e => e.Id.Owner).ToHashSet(StringComparer.Ordinal);
        return entries.ConvertAll(entry => entry.ToMember(assembly, types));
    }

    private static Entry? ReadMember(XmlReader reader)
    {
        string name = reader.GetAttribute("name") ?? "";
        if (reader.IsEmptyElement || !DocumentationId.TryParse(name, out var id))
        {
            reader.Skip();
            return null;
        }
        var entry = new Entry(name, id);
        int depth = reader.Depth;
        reader.Read();
        while (!(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
        {
            if (reader.NodeType == XmlNodeType.Element) entry.ReadPart(reader);
            else reader.Read();
        }
        reader.Read();
        return entry;
    }

    /// <summary>A member while its parts are being read.</summary>
    private sealed class Entry(string name, DocumentationId id)
    {
        private readonly List<ApiParameter> _parameters = [];
        private readonly List<ApiParameter> _typeParameters = [];
        private readonly List<ApiException> _exceptions = [];
        private string _summary = "", _returns = "", _remarks = "";

        public DocumentationId Id => id;

        public void ReadPart(XmlReader reader)
        {
            switch (reader.LocalName)
            {
                case "summary": _summary = Join(_summary, DocText.Read(reader)); break;
                case "returns" or "value": _returns = Join(_returns, DocText.Read(reader)); break;
                case "remarks": _remarks = Join(_remarks, DocText.Read(reader)); break;
                case "param":
                    _parameters.Add(new(reader.GetAttribute("name") ?? "", DocText.Read(reader)));
                    break;
                case "typeparam":
                    _typeParameters.Add(new(reader.GetAttribute("name") ?? "", DocText.Read(reader)));
                    break;
                case "exception":
                    _exceptions.Add(new(DocText.SimpleName(reader.GetAttribute("cref") ?? ""), DocText.Read(reader)));
                    break;
                default: reader.Skip(); break;
            }
        }

        public ApiMember ToMember(string assembly, HashSet<string> types)
        {
            bool isNamespace = id.Kind == MemberKind.Namespace;
            string space = isNamespace ? id.Owner : NamespaceOf(id.Owner, types);
            string type = isNamespace ? "" : DocumentationId.WithoutArity(space.Length == 0 ? id.Owner : id.Owner[(space.Length + 1)..]);
            return new(name, assembly, space, type, id.Kind, id.Name, id.Signature, _summary, _parameters, _typeParameters, _returns, _exceptions, _remarks);
        }

        private static string Join(string first, string second) =>
            first.Length == 0 ? second : second.Length == 0 ? first : $"{first}\n{second}";
    }

    /// <summary>What stands before the outermost documented type of <paramref name="owner"/>; before its last name if none is documented.</summary>
    private static string NamespaceOf(string owner, HashSet<string> types)
    {
        for (int dot = owner.IndexOf('.'); dot >= 0; dot = owner.IndexOf('.', dot + 1))
        {
            int next = owner.IndexOf('.', dot + 1);
            if (types.Contains(next < 0 ? owner : owner[..next])) return owner[..dot];
        }
        return owner.LastIndexOf('.') is > 0 and var last ? owner[..last] : "";
    }
}

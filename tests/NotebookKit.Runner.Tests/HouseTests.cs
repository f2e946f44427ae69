using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NotebookKit.Pmi;
using NotebookKit.Runner.Notebooks;

namespace NotebookKit.Tests;

/// <summary>What holds the house together: which project may know which, and that what is public is used.</summary>
public sealed partial class HouseTests
{
    private static readonly string Library = Path.Combine(CheckoutFolder.Root, "lib");

    /// <summary>The arrows between projects. None runs upward; a new one is a decision, to be made here.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["NotebookKit.Templates"] = [],
        ["NotebookKit.Display"] = [],
        ["NotebookKit"] = ["NotebookKit.Templates"],
        ["NotebookKit.Pretrained"] = ["NotebookKit"],
        ["NotebookKit.Corpus"] = ["NotebookKit"],
        ["NotebookKit.Studies"] = ["NotebookKit", "NotebookKit.Pretrained", "NotebookKit.Templates", "NotebookKit.Display"],
        ["NotebookKit.Interactive"] = ["NotebookKit.Corpus", "NotebookKit.Studies"],
        ["NotebookKit.Play"] = ["NotebookKit.Studies"],
        ["NotebookKit.Runner"] = ["NotebookKit.Interactive", "NotebookKit.Play"],
    };

    /// <summary>Public, though neither a notebook nor another project names it. Each with the reader it is for.</summary>
    private static readonly Dictionary<string, string> Kept = new()
    {
        ["EditableT5"] = "the paper's question answering on a T5 of the reader's",
        ["LowRankNetwork"] = "g of MEND's equation, to run by hand",
        ["Packing"] = "T0's recipe packs examples into rows",
        ["PackedRow"] = "T0's recipe packs examples into rows",
    };

    [Fact]
    public void Every_project_knows_only_what_it_may_know()
    {
        var found = Directory.EnumerateFiles(Library, "*.csproj", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file)!, file => XDocument.Load(file).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)).Order().ToArray());
        Assert.Equal(Arrows.Keys.Order(), found.Keys.Order());
        Assert.All(found, project => Assert.Equal(Arrows[project.Key].Order(), project.Value));
    }

    [Fact]
    public void Every_public_type_of_the_papers_is_used_by_a_notebook_or_another_project()
    {
        Type[] face = [.. typeof(NgramCounter).Assembly.GetExportedTypes()
            .Where(type => !type.IsNested && type.Namespace is "NotebookKit.Pmi" or "NotebookKit.Mend" or "NotebookKit.Prompting")];
        HashSet<string> words = [.. Notebooks().Concat(OtherProjects()).SelectMany(text => Word.Matches(text).Select(m => m.Value))];
        var used = face.Where(type => words.Contains(NameOf(type)) || Extensions(type).Any(words.Contains)).ToHashSet();
        // What a used type hands out or takes is used with it.
        while (face.Where(type => !used.Contains(type) && used.Any(user => Shows(user).Contains(type))).ToList() is { Count: > 0 } more) used.UnionWith(more);
        string[] idle = [.. face.Except(used).Select(NameOf).Order()];
        Assert.Equal("", string.Join(", ", idle.Except(Kept.Keys)));
        Assert.Equal("", string.Join(", ", Kept.Keys.Except(idle)));
    }

    private static IEnumerable<string> Notebooks() =>
        Directory.EnumerateFiles(Path.Combine(CheckoutFolder.Root, "notebooks"), "*.ipynb", SearchOption.AllDirectories)
            .SelectMany(path => NotebookReader.Read(path).Cells.Where(cell => cell.Kind == CellKind.Code).Select(cell => cell.Source));

    private static IEnumerable<string> OtherProjects() =>
        Arrows.Keys.Where(project => project is not "NotebookKit" and not "NotebookKit.Templates")
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Library, project), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}"))
            .Select(file => Comment.Replace(File.ReadAllText(file), ""));

    private static IEnumerable<string> Extensions(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(m => m.IsDefined(typeof(ExtensionAttribute))).Select(m => m.Name);

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static HashSet<Type> Shows(Type type)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        IEnumerable<Type> signatures =
        [
            .. type.GetProperties(Public).Select(p => p.PropertyType), .. type.GetFields(Public).Select(f => f.FieldType),
            .. type.GetMethods(Public).SelectMany(m => m.GetParameters().Select(p => p.ParameterType).Append(m.ReturnType)),
            .. type.GetConstructors(Public).SelectMany(c => c.GetParameters().Select(p => p.ParameterType)),
            .. type.BaseType is { } parent ? [parent] : Type.EmptyTypes, .. type.GetInterfaces(),
        ];
        return [.. signatures.SelectMany(Parts)];

        static IEnumerable<Type> Parts(Type part) =>
            part.HasElementType ? Parts(part.GetElementType()!)
            : part.IsGenericType ? part.GetGenericArguments().SelectMany(Parts).Append(part.GetGenericTypeDefinition())
            : [part];
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word { get; }

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment { get; }
}

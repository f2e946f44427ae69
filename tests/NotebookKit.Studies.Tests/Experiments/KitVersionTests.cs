using System.Reflection;
using System.Text.RegularExpressions;
using NotebookKit.Pmi;
using NotebookKit.Prompting;
using NotebookKit.Studies.Experiments;
using NotebookKit.Studies.Pmi;

namespace NotebookKit.Tests.Experiments;

public sealed class KitVersionTests
{
    private static readonly Assembly[] Kit = [typeof(KitVersion).Assembly, typeof(MixtureRule).Assembly];
    private static readonly string[] Papers = ["Pmi", "Prompting", "Mend"];
    private static readonly string[] SharedGround = ["Models", "Training", "Tokenizers", "Studies.Data", "Studies.Datasets", "Studies.Experiments"];

    [Fact]
    public void The_version_names_the_code()
    {
        Assert.Matches(@"^0\.\d+\.\d+\+il\.[0-9a-f]{12}$", KitVersion.Current);
        Assert.Equal(Hash(_ => true), Hash(_ => true));
        Assert.NotEqual(Hash(_ => true), KitVersion.CodeHash([typeof(KitVersionTests).Assembly], _ => true));
        Assert.NotEqual(Hash(_ => true), Hash(space => space != "NotebookKit.Pmi"));

        static string Hash(Func<string, bool> counts) => KitVersion.CodeHash(Kit, counts);
    }

    [Fact]
    public void An_experiment_depends_on_its_own_papers_code_and_the_shared_ground()
    {
        Assert.NotEqual(KitVersion.Of(typeof(MaskingStudy)), KitVersion.Of(typeof(MixtureRule)));
        Assert.Equal(KitVersion.Of(typeof(MaskingStudy)), KitVersion.Of(typeof(MaskingOptions)));
        Assert.Equal(KitVersion.Current, KitVersion.Of(typeof(KitVersionTests)));
    }

    [Fact]
    public void The_text_of_the_code_does_not_name_the_folder_it_was_built_in()
    {
        Assert.Contains(Kit.SelectMany(assembly => assembly.GetTypes()), type => FileHash.IsMatch(type.Name));
        Assert.DoesNotContain(Kit.SelectMany(assembly => CodeText.Lines(assembly, _ => true)), FileHash.IsMatch);
    }

    private static readonly Regex FileHash = new("F[0-9A-F]{64}__");

    /// <summary>What the version above relies on: code that is left out of a paper's hash is code that the paper cannot reach.</summary>
    [Fact]
    public void Papers_never_import_each_other_and_the_shared_ground_imports_no_paper()
    {
        foreach (string paper in Papers)
            foreach (string other in Papers.Where(p => p != paper))
                Refuse([paper, $"Studies.{paper}"], other);
        foreach (string part in SharedGround)
            foreach (string other in Papers.Append("Display"))
                Refuse([part], other);

        static void Refuse(string[] parts, string other)
        {
            string? arrow = Kit.SelectMany(assembly => CodeText.Lines(assembly, space => parts.Any(part => space == $"NotebookKit.{part}" || space.StartsWith($"NotebookKit.{part}.", StringComparison.Ordinal))))
                .FirstOrDefault(line => !line.StartsWith("ldstr", StringComparison.Ordinal)
                    && (line.Contains($"NotebookKit.{other}", StringComparison.Ordinal) || line.Contains($"NotebookKit.Studies.{other}", StringComparison.Ordinal)));
            Assert.True(arrow is null, $"NotebookKit.{parts[0]} uses NotebookKit.{other}: {arrow}");
        }
    }
}

using System.Text.RegularExpressions;
using NotebookKit.Pmi;
using NotebookKit.Runner.Commands.Pmi;

namespace NotebookKit.Tests.Site;

/// <summary>The page of a vocabulary.</summary>
public class PmiStatsPageTests
{
    [Fact]
    public void A_page_has_a_figure_for_scores_and_counts_and_every_table_and_may_ask_no_network()
    {
        MaskingVocabulary vocabulary = new([new("a <b>", 2, 40, 3.5), new("c d", 2, 20, 2.5), new("c d e", 3, 11, 1.5)]);
        VocabularyReport report = new("list & more.tsv", vocabulary, null, 10);
        string path = Path.Combine(Directory.CreateTempSubdirectory("nbk-page").FullName, "page.html");
        PmiStatsPage.Write(path, report);
        string page = File.ReadAllText(path);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        Assert.Equal(2, Regex.Count(page, "<figure class=\"output plot\">"));
        Assert.Equal(report.Tables().Count(), Regex.Count(page, "<caption>"));
        Assert.Contains("default-src 'none'", page);
        Assert.Contains("<td>a &lt;b&gt;</td>", page);
        Assert.Contains("list &amp; more.tsv", page);
    }
}

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// The 38 data sets that every T0 model is trained on, and the task families of these and of the held-out ones (Sanh et al. 2022,
/// figure 2). Names, order and sizes are those of the mixture's own table, <c>t0/datasets.csv</c> of bigscience-workshop/t-zero at commit
/// 0892110: its rows with <c>do_train</c> BASE and their <c>train_size</c>. The paper counts 39 such data sets, the table holds 38.
/// </summary>
public static class T0Datasets
{
    /// <summary>The mixture of the main model.</summary>
    public static IReadOnlyList<T0Dataset> Training { get; } =
    [
        new("glue/mrpc", "paraphrase", 3_668),
        new("glue/qqp", "paraphrase", 363_846),
        new("paws/labeled_final", "paraphrase", 49_401),
        new("kilt_tasks/hotpotqa", "closed-book QA", 88_869),
        new("wiki_qa", "closed-book QA", 20_360),
        new("adversarial_qa/dbidaf", "extractive QA", 10_000),
        new("adversarial_qa/dbert", "extractive QA", 10_000),
        new("adversarial_qa/droberta", "extractive QA", 10_000),
        new("duorc/SelfRC", "extractive QA", 60_721),
        new("duorc/ParaphraseRC", "extractive QA", 69_524),
        new("ropes", "extractive QA", 10_924),
        new("quoref", "extractive QA", 19_399),
        new("cos_e/v1.11", "multiple-choice QA", 9_741),
        new("cosmos_qa", "multiple-choice QA", 25_262),
        new("dream", "multiple-choice QA", 6_116),
        new("qasc", "multiple-choice QA", 8_134),
        new("quail", "multiple-choice QA", 10_246),
        new("quarel", "multiple-choice QA", 1_941),
        new("quartz", "multiple-choice QA", 2_696),
        new("sciq", "multiple-choice QA", 11_679),
        new("social_i_qa", "multiple-choice QA", 33_410),
        new("wiki_hop/original", "multiple-choice QA", 43_738),
        new("wiqa", "multiple-choice QA", 29_808),
        new("amazon_polarity", "sentiment", 3_600_000),
        new("app_reviews", "sentiment", 288_065),
        new("imdb", "sentiment", 25_000),
        new("rotten_tomatoes", "sentiment", 8_530),
        new("yelp_review_full", "sentiment", 650_000),
        new("common_gen", "structure-to-text", 67_389),
        new("wiki_bio", "structure-to-text", 582_659),
        new("cnn_dailymail/3.0.0", "summarisation", 287_113),
        new("gigaword", "summarisation", 3_803_957),
        new("multi_news", "summarisation", 44_972),
        new("samsum", "summarisation", 14_732),
        new("xsum", "summarisation", 204_045),
        new("ag_news", "topic", 120_000),
        new("dbpedia_14", "topic", 560_000),
        new("trec", "topic", 5_452),
    ];

    /// <summary>Task family by data set, the held-out families included.</summary>
    public static IReadOnlyDictionary<string, string> Tasks { get; } = new Dictionary<string, string>(
        Training.Select(d => KeyValuePair.Create(d.Name, d.Task)))
    {
        ["super_glue/rte"] = "natural language inference",
        ["super_glue/cb"] = "natural language inference",
        ["anli"] = "natural language inference",
        ["super_glue/wsc.fixed"] = "coreference",
        ["winogrande"] = "coreference",
        ["super_glue/copa"] = "sentence completion",
        ["hellaswag"] = "sentence completion",
        ["story_cloze"] = "sentence completion",
        ["super_glue/wic"] = "word sense disambiguation",
        ["web_questions"] = "closed-book QA",
    };
}

/// <summary>A data set of T0's training mixture.</summary>
/// <param name="Name">Data set and subset, as promptsource names them.</param>
/// <param name="Task">The task family, which is what T0 holds out whole.</param>
/// <param name="TrainExamples">Rows of its training split.</param>
public sealed record T0Dataset(string Name, string Task, long TrainExamples);

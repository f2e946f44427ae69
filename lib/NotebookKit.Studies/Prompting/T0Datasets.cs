using NotebookKit.Prompting;

namespace NotebookKit.Studies.Prompting;

/// <summary>
/// The 38 data sets that every T0 model is trained on, and the task families of these and of the held-out ones (Sanh et al. 2022,
/// figure 2). Names, order and sizes are those of the mixture's own table, <c>t0/datasets.csv</c> of bigscience-workshop/t-zero at commit
/// 0892110: its rows with <c>do_train</c> BASE and their <c>train_size</c>. The paper counts 39 such data sets, the table holds 38. The numbers
/// of prompts are those of promptsource at commit 7dab96a.
/// </summary>
public static class T0Datasets
{
    /// <summary>The mixture of the main model.</summary>
    public static IReadOnlyList<T0Dataset> Training { get; } =
    [
        new("glue/mrpc", "paraphrase", 3_668, 7, 5),
        new("glue/qqp", "paraphrase", 363_846, 6, 5),
        new("paws/labeled_final", "paraphrase", 49_401, 12, 11),
        new("kilt_tasks/hotpotqa", "closed-book QA", 88_869, 5, 0),
        new("wiki_qa", "closed-book QA", 20_360, 11, 6),
        new("adversarial_qa/dbidaf", "extractive QA", 10_000, 5, 4),
        new("adversarial_qa/dbert", "extractive QA", 10_000, 5, 4),
        new("adversarial_qa/droberta", "extractive QA", 10_000, 5, 4),
        new("duorc/SelfRC", "extractive QA", 60_721, 9, 5),
        new("duorc/ParaphraseRC", "extractive QA", 69_524, 9, 5),
        new("ropes", "extractive QA", 10_924, 12, 10),
        new("quoref", "extractive QA", 19_399, 11, 10),
        new("cos_e/v1.11", "multiple-choice QA", 9_741, 11, 6),
        new("cosmos_qa", "multiple-choice QA", 25_262, 13, 10),
        new("dream", "multiple-choice QA", 6_116, 5, 2),
        new("qasc", "multiple-choice QA", 8_134, 8, 5),
        new("quail", "multiple-choice QA", 10_246, 13, 10),
        new("quarel", "multiple-choice QA", 1_941, 5, 0),
        new("quartz", "multiple-choice QA", 2_696, 8, 8),
        new("sciq", "multiple-choice QA", 11_679, 5, 4),
        new("social_i_qa", "multiple-choice QA", 33_410, 6, 5),
        new("wiki_hop/original", "multiple-choice QA", 43_738, 9, 5),
        new("wiqa", "multiple-choice QA", 29_808, 8, 2),
        new("amazon_polarity", "sentiment", 3_600_000, 9, 9),
        new("app_reviews", "sentiment", 288_065, 4, 0),
        new("imdb", "sentiment", 25_000, 11, 10),
        new("rotten_tomatoes", "sentiment", 8_530, 10, 10),
        new("yelp_review_full", "sentiment", 650_000, 7, 7),
        new("common_gen", "structure-to-text", 67_389, 9, 6),
        new("wiki_bio", "structure-to-text", 582_659, 5, 1),
        new("cnn_dailymail/3.0.0", "summarisation", 287_113, 9, 7),
        new("gigaword", "summarisation", 3_803_957, 9, 7),
        new("multi_news", "summarisation", 44_972, 6, 5),
        new("samsum", "summarisation", 14_732, 7, 6),
        new("xsum", "summarisation", 204_045, 10, 10),
        new("ag_news", "topic", 120_000, 7, 7),
        new("dbpedia_14", "topic", 560_000, 4, 4),
        new("trec", "topic", 5_452, 18, 7),
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
/// <param name="Prompts">Its prompts.</param>
/// <param name="OriginalPrompts">Those of them that pose the task which the data set was made for.</param>
public sealed record T0Dataset(string Name, string Task, long TrainExamples, int Prompts, int OriginalPrompts)
{
    /// <summary>Its part in a mixture; the prompts go by numbers.</summary>
    public MixtureSource Source => new(Name, TrainExamples, [.. Enumerable.Range(1, Prompts).Select(i => $"prompt {i}")]);
}
